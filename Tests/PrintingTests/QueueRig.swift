import Foundation
import Glibc
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing

@testable import Printing

/// A printer of the lab, a queue on a cupsd of its own before it, and the driver of that queue.
final class QueueRig: Sendable {
  let printer: LabProgram
  let cups: LabProgram
  let rig: PrinterRig
  /// Of the queue; it outlives its server.
  let folder: URL

  /// A name as the kiosk gives it to a job.
  static let key = "0123456789abcdef0123456789abcdef"

  struct Options: Sendable {
    /// Where the queue sends documents, when not to the printer.
    var device: String?
    /// More arguments for `start-cups`.
    var cups: [String] = []
    /// Through its socket, by which it knows who asks.
    var bySocket = false
    var unreachable = Duration.seconds(20)
    var pages: @Sendable (SecretVault) -> PreviewPort = { PrinterRig.noPages($0) }
    init() {}
  }

  init(printer: LabProgram, cups: LabProgram, folder: URL, options: Options) throws {
    self.printer = printer
    self.cups = cups
    self.folder = folder
    rig = try PrinterRig(
      printer, unreachable: options.unreachable,
      way: .queue(
        name: "kiosk", server: cups.values[options.bySocket ? "CUPS_SOCKET" : "CUPS_SERVER"]),
      pages: options.pages)
  }

  /// A page as a renderer gives it: white, with a grey band.
  static func paper(_ vault: SecretVault) -> PreviewPort {
    PreviewPort { _, _, order throws(PortError) in
      let height =
        switch order.size {
        case .width(let width): width * 297 / 210
        case .longSide(let long): long
        }
      let width = height * 210 / 297
      var pixels = [UInt8](repeating: 255, count: width * height * 3)
      for index in 0..<width * 30 { pixels[index] = 128 }
      do {
        let bitmap = try vault.makeBulk(capacity: pixels.count)
        guard try pixels.withUnsafeBytes({ try vault.append(contentsOf: $0, to: bitmap) }) else {
          throw PortError(.storageFull, step: "preview")
        }
        return RenderedPage(bitmap: bitmap, width: width, height: height)
      } catch {
        throw PortError(.storageFull, step: "preview")
      }
    }
  }

  /// The driver of a later run of the kiosk.
  func restarted() throws -> PrinterRig {
    try PrinterRig(
      printer, unreachable: .seconds(20),
      way: .queue(name: "kiosk", server: cups.values["CUPS_SERVER"]))
  }

  func order(_ key: String = key, bytes: Int = 40_000) throws -> PrintOrder {
    try rig.order(PrinterRig.document(bytes: bytes), jobKey: key)
  }

  func end(cupsd signal: Int32) async throws {
    guard let pid = cups.values["LAB_CUPSD_PID"].flatMap(pid_t.init) else { return }
    #expect(kill(pid, signal) == 0)
    try await eventually("cupsd is gone") { kill(pid, 0) != 0 }
  }

  /// The server again, on the same port.
  func restartedCUPS(_ more: [String] = ["--purge"]) async throws -> LabProgram {
    let port = String(cups.values["CUPS_SERVER"]?.split(separator: ":").last ?? "")
    let folder = self.folder.path
    return try await LabProgram.start("start-cups", folder: self.folder) { _, _ in
      ["--dir", folder, "--port", port] + more
    }
  }

  /// Runs one of CUPS' own commands against the server.
  func command(_ path: String, _ arguments: [String]) async throws -> String {
    try await LabProgram.output(of: path, ["-h", cups.values["CUPS_SERVER"] ?? ""] + arguments)
  }

  /// Looks until the driver says so: on a busy machine it may take a question or two for lost.
  func driverSays(_ fact: DeviceFact) async throws {
    try await eventually("the driver says \(fact)") { await self.rig.driver.port.state() == fact }
  }

  /// Somebody pauses the queue.
  func pause() async throws {
    try await ask("/usr/sbin/cupsdisable", ["kiosk"]) { $0?.printer.state == .stopped }
  }

  /// One of CUPS' own commands, given again until the queue is as it should be; nil: it is gone.
  func ask(
    _ path: String, _ arguments: [String],
    until isDone: @escaping @Sendable (QueueSnapshot?) -> Bool
  ) async throws {
    let server = cups.values["CUPS_SOCKET"]
    try await eventually("the queue is as \(path) makes it") {
      _ = try await LabProgram.output(of: path, ["-h", server ?? ""] + arguments)
      return try await LabProgram.offThePool {
        let connection = try IPPConnection(queue: "kiosk", server: server, limit: .seconds(5))
        do throws(IPPError) {
          return isDone(try connection.queue(limit: .seconds(5)))
        } catch {
          guard error.isNotFound else { throw error }
          return isDone(nil)
        }
      }
    }
  }

  /// The server's own list of queues.
  func configuration() throws -> String {
    try String(contentsOf: folder.appending(path: "printers.conf"), encoding: .utf8)
  }

  func log() throws -> String {
    try String(contentsOf: folder.appending(path: "log/error_log"), encoding: .utf8)
  }

  /// What the server calls the jobs of the queue, oldest first.
  func queued() async throws -> [JobSnapshot.State] {
    let server = cups.values["CUPS_SERVER"]
    return try await LabProgram.offThePool {
      let connection = try IPPConnection(queue: "kiosk", server: server, limit: .seconds(5))
      var ids: Set<Int32> = []
      for isOver in [false, true] {
        ids.formUnion(try connection.jobs(over: isOver, limit: .seconds(5)).map(\.id))
      }
      return try ids.sorted().compactMap {
        try connection.queuedJob($0, limit: .seconds(5))?.job.state
      }
    }
  }
}

/// A queue before a printer of the lab for the body.
func withQueue(
  _ options: QueueRig.Options = .init(), _ body: (QueueRig) async throws -> Void
) async throws {
  try await withLab("virtual-ipp-printer") { lab in
    guard let uri = lab.values["URI"] else { return }
    // The server's user must be able to enter it.
    let folder = URL(filePath: "/tmp/lab-" + UUID().uuidString.prefix(13))
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    defer {
      endBackends(of: folder)
      try? FileManager.default.removeItem(at: folder)
    }
    let arguments = ["--queue", "kiosk=" + (options.device ?? uri)] + options.cups
    let cups = try await LabProgram.start("start-cups", folder: folder) { place, _ in
      ["--dir", place] + arguments
    }
    do {
      try await body(try QueueRig(printer: lab, cups: cups, folder: folder, options: options))
      await cups.stop()
    } catch {
      await cups.stop()
      throw error
    }
  }
}

/// A cupsd that is killed leaves its backends behind, which go on trying for ever.
private func endBackends(of folder: URL) {
  let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  for pid in processes.compactMap(pid_t.init) {
    // The document is the last of a backend's arguments.
    guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
      line.range(of: Data((folder.path + "/spool/").utf8)) != nil
    else { continue }
    kill(pid, SIGKILL)
  }
}
