import DinasProtocol
import FoundationEssentials
import OfficeModel

/// What the control socket understands. Every answer begins with `ok` or `error`.
struct ControlCommands: Sendable {
  static let help =
    "slow MS, offline, online, fault KIND COUNT, call NUMBER COUNTER [priority], free DOCUMENT, "
    + "applications COUNT, news FILE, list FILE, backup, restore [everything], status, clear, quit"

  static let quitAnswer = "ok quit"

  let dinas: Dinas
  let faults: Faults
  let server: ServerSwitch

  func carryOut(_ line: String) async -> String {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\r" }).map(String.init)
    guard let verb = words.first else { return "error empty line; \(Self.help)" }
    switch (verb, words.count) {
    case ("slow", 2):
      guard let milliseconds = Int(words[1]), (0...60_000).contains(milliseconds) else {
        return "error slow takes 0 to 60000 milliseconds"
      }
      faults.delay = .milliseconds(milliseconds)
      return "ok slow \(milliseconds)"
    case ("offline", 1):
      await server.turnOff()
      return "ok offline"
    case ("online", 1):
      do {
        try await server.turnOn()
        return "ok online PORT=\(await server.port)"
      } catch { return "error \(error)" }
    case ("fault", 3):
      guard let kind = Faults.Kind(rawValue: words[1]), let count = Int(words[2]),
        (0...1000).contains(count)
      else {
        let kinds = Faults.Kind.allCases.map(\.rawValue).joined(separator: "|")
        return "error fault takes \(kinds) and a count of 0 to 1000"
      }
      faults.spoilNext(count, kind)
      return "ok fault \(kind.rawValue) \(count)"
    case ("call", 3...):
      let isPriority = words.last == "priority"
      let counter = words[2..<(words.count - (isPriority ? 1 : 0))].joined(separator: " ")
      guard !counter.isEmpty, counter.count <= 40, words[1].count <= 16 else {
        return "error call takes a number, a counter and perhaps the word priority"
      }
      do {
        try await dinas.call(words[1], counter: counter, isPriority: isPriority)
      } catch { return "error \(error)" }
      return "ok call \(words[1])"
    case ("applications", 2):
      guard let count = Int(words[1]), (1...InventedApplications.limit).contains(count) else {
        return "error applications takes 1 to \(InventedApplications.limit)"
      }
      await dinas.invent(count)
      return "ok applications \(count)"
    case ("free", 2):
      do { try await dinas.free(words[1]) } catch { return "error \(error)" }
      return "ok free \(words[1])"
    case ("news", 2...):
      do {
        await dinas.tell(try OfficeBulletin.read(words.dropFirst().joined(separator: " ")))
      } catch { return "error \(error)" }
      return "ok news"
    case ("list", 2...):
      let path = words.dropFirst().joined(separator: " ")
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      let id = String(name.split(separator: ".").first ?? "")
      do {
        try Check.identifier(id, "name")
        let bytes = try readFile(path, limit: DinasAPI.Limit.revocationListBytes)
        await dinas.offer(bytes, as: id)
      } catch { return "error \(error)" }
      return "ok list \(id)"
    case ("backup", 1):
      await dinas.backUp()
      return "ok backup"
    case ("restore", 1),
      ("restore", 2) where words.last == "everything":
      do {
        let isDone = try await dinas.restore(everything: words.count == 2)
        return isDone ? "ok restore" : "error there is no backup"
      } catch { return "error \(error)" }
    case ("status", 1): return await status()
    case ("clear", 1):
      faults.clear()
      do { try await dinas.clear() } catch { return "error \(error)" }
      return "ok clear"
    case ("quit", 1): return Self.quitAnswer
    default: return "error unknown command; \(Self.help)"
    }
  }

  struct Status: Encodable {
    var online: Bool
    var port: Int
    var slowMilliseconds: Int64
    var credentialChecks: Int
    var lockedCredentials: Int
    /// Every number in force.
    var tickets: [IssuedTicket]
    var book: QueueBook
    var events: [KioskReport]
    var leases: [String: [PrintRights.Lease]]
    var printsLeft: [String: Int]
  }

  private func status() async -> String {
    let record = await dinas.received
    let status = Status(
      online: await server.isOnline, port: await server.port,
      slowMilliseconds: faults.delay.wholeMilliseconds, credentialChecks: await dinas.checks,
      lockedCredentials: await dinas.lockedCredentials, tickets: record.book.tickets,
      book: record.book,
      events: record.reports, leases: record.rights?.leases ?? [:],
      printsLeft: await dinas.printsLeft)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(status) else { return "error status" }
    return "ok " + String(decoding: json, as: UTF8.self)
  }
}
