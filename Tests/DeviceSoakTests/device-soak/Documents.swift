import ArgumentParser
import Crypto
import OfficeModel
import Ports
import Printing
import SensitiveMemory

/// Takes: print KEY PAGES BYTES, cancel KEY, reconcile KEY COUNTER|none PAGES, counter ID, state ID.
/// Tells: document KEY SHA256, step KEY STEP [FAULT], end KEY OUTCOME|left FAULT, recovery KEY ...,
/// counter ID N, state ID FACT.
struct Documents: ParsableCommand {
  @Option(help: "The printer's address.")
  var uri: String?
  @Option(help: "Or a queue of CUPS.")
  var queue: String?
  @Option(help: "The queue's server.")
  var server: String?
  @Option var lie: Lie?
  @Flag(help: "The limits of an office, which a soak would wait for too long.")
  var patient = false

  func validate() throws {
    guard (uri == nil) != (queue == nil) else { throw ValidationError("--uri or --queue") }
  }

  func run() throws {
    let vault = SecretVault()
    let port = makePort(vault)
    let lie = lie
    Conversation.run { words in
      switch (words[0], words.count) {
      case ("print", 4):
        guard let pages = Int(words[2]), let bytes = Int(words[3]) else { return }
        lie?.leak()
        await Self.print(words[1], Self.document(words[1], pages, bytes), pages, vault, port, lie)
      case ("cancel", 2): await port.cancel(words[1])
      case ("reconcile", 4):
        let recovery =
          switch await port.reconcile(words[1], Int(words[2]), Int(words[3]) ?? 0) {
          case .over(let outcome): "over \(outcome.rawValue)"
          case .unconfirmed: "unconfirmed"
          }
        Conversation.say("recovery \(words[1]) \(recovery)")
      case ("counter", 2):
        Conversation.say(
          "counter \(words[1]) \(await port.sheetCounter().map(String.init) ?? "none")")
      case ("state", 2): Conversation.say("state \(words[1]) \(await port.state().word)")
      default: Conversation.say("unknown \(words[0])")
      }
    }
  }

  private func makePort(_ vault: SecretVault) -> DocumentPrinterPort {
    let way: IPPDocumentPrinter.Way =
      if let queue { .queue(name: queue, server: server) } else { .printer(uri: uri ?? "") }
    var settings = IPPDocumentPrinter.Settings(way)
    var limits = PrintFollowUp.Limits()
    if !patient {
      settings.statusLimit = .seconds(1)
      settings.sendLimit = .seconds(2)
      settings.busyLimit = .seconds(1)
      limits.poll = .milliseconds(20)
      limits.settle = .seconds(1)
      limits.incoming = .milliseconds(500)
      // A server of queues takes some seconds to come back, and to hear of its printer.
      limits.unreachable = queue == nil ? .seconds(3) : .seconds(20)
      if queue != nil { limits.settle = .seconds(3) }
    }
    // The lab's printer takes PDF: nothing is drawn.
    let pages = PreviewPort { _, _, _ throws(PortError) in
      throw PortError(.notFound, step: "preview")
    }
    return IPPDocumentPrinter(
      settings: settings, limits: limits, vault: vault, pages: pages, events: EventPort { _ in }
    ).port
  }

  private static func print(
    _ key: String, _ document: [UInt8], _ pages: Int, _ vault: SecretVault,
    _ port: DocumentPrinterPort, _ lie: Lie?
  ) async {
    let sha256 = SHA256.hash(data: document).hexadecimal
    guard let handle = try? document.withUnsafeBytes({ try vault.store($0) }) else {
      return Conversation.say("end \(key) no-memory none")
    }
    defer { vault.wipe(handle) }
    Conversation.say("document \(key) \(sha256)")
    let order = PrintOrder(
      jobKey: key, document: handle, byteCount: document.count, sha256: sha256,
      pageCount: pages)
    for await honest in port.print(order) {
      switch lie?.told(honest) ?? honest {
      case .sending: Conversation.say("step \(key) sending")
      case .printing: Conversation.say("step \(key) printing")
      case .held(let fault): Conversation.say("step \(key) held \(fault.rawValue)")
      case .ended(let outcome, let fault):
        if lie == .twice { for await _ in port.print(order) {} }
        Conversation.say("end \(key) \(outcome.rawValue) \(fault?.rawValue ?? "none")")
      case .left(let fault): Conversation.say("end \(key) left \(fault?.rawValue ?? "none")")
      }
    }
  }

  /// A document that only looks like PDF, another one for each key; the lab's printer counts its
  /// pages by `/Type /Page`.
  private static func document(_ key: String, _ pages: Int, _ count: Int) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n% invented: \(key)\n".utf8)
    for page in 1...max(1, pages) {
      bytes += Array("\(page) 0 obj << /Type /Page >> endobj\n".utf8)
    }
    var value = bytes.reduce(UInt32(2_463_534_242)) { $0 &* 31 &+ UInt32($1) } | 1
    while bytes.count < count {
      value ^= value << 13
      value ^= value >> 17
      value ^= value << 5
      bytes.append(UInt8(truncatingIfNeeded: value))
    }
    return bytes
  }
}

extension Sequence<UInt8> {
  var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
