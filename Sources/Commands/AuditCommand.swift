internal import ArgumentParser
internal import Glibc
internal import KioskConfiguration
internal import LocalStore

/// `anjungan audit export|verify`: the record of who did what, as text and held against its chain.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Export the audit log, or find out whether it was changed.",
    subcommands: [Export.self, Verify.self])

  static func export(
    config: String, overlay: String?, _ line: (String) throws -> Void
  ) throws {
    let settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
    try LocalStore.exportAudit(
      directory: settings.storage.directory, kiosk: settings.server.kioskID, line)
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the audit log as lines of JSON, the head first.",
      discussion: "Reads beside a running kiosk and changes nothing.")

    @Option(help: "The office's folder, or its kiosk.yaml.")
    var config: String

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    func run() throws {
      do {
        try AuditCommand.export(config: config, overlay: overlay) { Terminal.say($0) }
      } catch {
        Terminal.complain("\(error)")
        throw ExitCode(1)
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Follow the chain of an export, or of the kiosk's own log.",
      discussion: """
        Names the first line that is wrong. Exit 0 when the log is whole, 1 when it is not, 2 when \
        it cannot be read. What was cut off at the end shows only against a head that is known from \
        elsewhere: the kiosk reports it to the server.
        """)

    @Argument(help: "An export; without one, the log of --config.")
    var file: String?

    @Option(help: "The office's folder, or its kiosk.yaml.")
    var config: String?

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    @Option(help: "A record that must be in it, as NUMBER:HASH.")
    var head: String?

    func validate() throws {
      guard (file == nil) != (config == nil) else {
        throw ValidationError("Name an export, or a configuration with --config.")
      }
      if head != nil, known == nil { throw ValidationError("--head is NUMBER:HASH.") }
    }

    private var known: AuditChain? {
      guard let parts = head?.split(separator: ":"), parts.count == 2,
        let sequence = Int64(parts[0]), sequence >= 0, parts[1].utf8.count == 64
      else { return nil }
      return AuditChain(sequence: sequence, hash: String(parts[1]))
    }

    func run() throws {
      var check = AuditCheck(known: known)
      var number = 0
      func take(_ line: String) throws {
        number += 1
        guard let problem = check.take(line) else { return }
        Terminal.say("line \(number): \(problem)")
        throw ExitCode(1)
      }
      do {
        if let file {
          try Self.lines(of: file, take)
        } else if let config {
          try AuditCommand.export(config: config, overlay: overlay, take)
        }
      } catch let error as ExitCode { throw error } catch {
        Terminal.complain("\(error)")
        throw ExitCode(2)
      }
      if let problem = check.end() {
        Terminal.say("after line \(number): \(problem)")
        throw ExitCode(1)
      }
      let chain = check.chain
      let lost = chain.lost > 0 ? ", but for \(chain.lost) that damage took, as it tells" : ""
      Terminal.say("\(chain.sequence) records, whole\(lost), head \(chain.hash)")
    }

    private static func lines(of path: String, _ body: (String) throws -> Void) throws {
      struct Unreadable: Error, CustomStringConvertible {
        let description: String
      }
      guard let stream = fopen(path, "re") else {
        throw Unreadable(description: "\(path) cannot be opened.")
      }
      defer { fclose(stream) }
      var buffer: UnsafeMutablePointer<CChar>?
      var room = 0
      defer { free(buffer) }
      while true {
        let count = getline(&buffer, &room, stream)
        guard count >= 0, let text = buffer else { break }
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        try body(String(decoding: bytes.last == 10 ? bytes.dropLast() : bytes[...], as: UTF8.self))
      }
      guard ferror(stream) == 0 else {
        throw Unreadable(description: "\(path) cannot be read to its end.")
      }
    }
  }
}
