import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("The audit log")
struct AuditTests {
  /// The lines of a log with entries of an invented day.
  private func export(_ count: Int = 12) async throws -> [String] {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let port = store.port()
    for index in 0..<count {
      try await port.audit.record(
        AuditEntry(
          at: Sample.now.adding(.seconds(index)), who: "abcd1234-\(index)",
          what: AuditEntry.What.allCases[index % AuditEntry.What.allCases.count],
          subject: "contoh/\(index)"))
    }
    var lines: [String] = []
    // The kiosk still runs on it.
    try LocalStore.exportAudit(directory: folder.path, kiosk: "contoh-1") { lines.append($0) }
    try store.close()
    return lines
  }

  /// The first line that is wrong, from 1, or the end.
  private func fault(_ lines: [String], known: AuditChain? = nil) -> String? {
    var check = AuditCheck(known: known)
    for (index, line) in lines.enumerated() {
      if let problem = check.take(line) { return "\(index + 1): \(problem)" }
    }
    return check.end()
  }

  @Test("An export has a head and a line for each record, and is whole")
  func whole() async throws {
    let lines = try await export()
    #expect(lines.count == 13)
    #expect(fault(lines) == nil)
    #expect(try await fault(export(0)) == nil)
  }

  @Test("Every record that is changed, taken out, doubled or moved is found at its line")
  func changed() async throws {
    let lines = try await export()
    for index in 1..<lines.count {
      for (from, to) in [
        ("contoh/", "contoh-"), ("\"ok\"", "\"no\""), ("\"seq\":", "\"seq\":1"),
        ("abcd", "abce"), ("\"at\":1", "\"at\":2"), ("{", "{ "),
        ("\"hash\":\"", "\"hash\":\"0"), ("{", "{\"more\":1,"),
      ] {
        var forged = lines
        forged[index].replace(from, with: to, maxReplacements: 1)
        #expect(forged[index] != lines[index])
        #expect(fault(forged)?.hasPrefix("\(index + 1): ") == true, "\(from) in line \(index + 1)")
      }
      var doubled = lines
      doubled.insert(lines[index], at: index)
      #expect(fault(doubled)?.hasPrefix("\(index + 2): ") == true)
      guard index + 1 < lines.count else { continue }
      var short = lines
      short.remove(at: index)
      #expect(fault(short)?.hasPrefix("\(index + 1): ") == true)
      var swapped = lines
      swapped.swapAt(index, index + 1)
      #expect(fault(swapped)?.hasPrefix("\(index + 1): ") == true)
    }
  }

  @Test("A tail that was cut off shows against the head, and against one known elsewhere")
  func cut() async throws {
    let lines = try await export()
    #expect(fault(Array(lines.dropLast())) != nil)
    #expect(fault([]) != nil)
    // A forger who writes a new head is still found by what the server knows.
    let last = try #require(AuditText.value(AuditLine.self, lines[12]))
    let tail = try #require(AuditText.value(AuditLine.self, lines[11]))
    let head = AuditHead(kiosk: "contoh-1", records: tail.seq, hash: tail.hash)
    let forged = [try AuditText.line(head)] + lines[1..<12]
    #expect(fault(forged) == nil)
    let known = AuditChain(sequence: last.seq, hash: last.hash)
    #expect(fault(forged, known: known) != nil)
    #expect(fault(lines, known: known) == nil)
  }

  @Test("A chain that was written anew is found by what is known elsewhere")
  func rewritten() async throws {
    let lines = try await export()
    var forged: [String] = []
    var before = ""
    var seen: [String] = []
    for text in lines.dropFirst() {
      var line = try #require(AuditText.value(AuditLine.self, text))
      seen.append(line.hash)
      if line.seq >= 5 { line.result = "forged" }
      line.hash = AuditChain.hash(after: before, line)
      before = line.hash
      forged.append(try AuditText.line(line))
    }
    let head = AuditHead(kiosk: "contoh-1", records: 12, hash: before)
    forged.insert(try AuditText.line(head), at: 0)
    #expect(fault(forged) == nil)
    #expect(fault(forged, known: AuditChain(sequence: 4, hash: seen[3])) == nil)
    #expect(fault(forged, known: AuditChain(sequence: 9, hash: seen[8]))?.hasPrefix("10: ") == true)
  }

  @Test("An entry that belongs to a ticket is in the chain with it, or neither is there")
  func withTicket() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let port = store.port()
    _ = try await port.give(Sample.draft("t-1"))
    let page = try await port.audit.page(0, 10)
    #expect(page.map(\.entry.what).contains(.ticketIssued))
    #expect(page.map(\.sequence) == Array(1...Int64(page.count)))
    #expect(try await port.audit.head()?.hash == page.last?.hash)
  }
}
