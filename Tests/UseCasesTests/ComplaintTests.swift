import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@Suite("Complaints from the glass to the store")
struct ComplaintTests {
  @Test("a complaint is in the outbox and on the record before the citizen has its number")
  func kept() async throws {
    let counter = try Counter()
    counter.runner.run(.fileComplaint(counter.session, .fee))
    let answer = await counter.answer { if case .complaintFiled = $0 { true } else { false } }
    guard case .complaintFiled(let complaint) = answer else { return }
    #expect(Complaint.isNumber(complaint.number))
    let item = try #require(
      try await counter.store.port().outbox.due(counter.parts.clock.now.wall, 9).first)
    #expect(item.id == complaint.id && item.kind == .complaint)
    let report = try Wire.decode(KioskReport.self, from: item.body)
    #expect(report.content == .complaint(number: complaint.number, about: .fee))
    let records = try await counter.store.port().audit.page(0, 10).map(\.entry)
    #expect(records.contains { $0.what == .complaintFiled && $0.subject == complaint.id })
  }

  @Test("while nobody vouches for the time a complaint is taken, and its slip has none")
  func undated() async throws {
    let counter = try Counter(adjust: { $0.clock.trust = { .untrusted(reason: .tooEarly) } })
    counter.runner.run(.fileComplaint(counter.session, .late))
    let answer = await counter.answer { if case .complaintFiled = $0 { true } else { false } }
    guard case .complaintFiled(let complaint) = answer else { return }
    #expect(complaint.filedAt == nil)
  }

  @Test("a slip that does not come out is said with its reason")
  func paper() async throws {
    let counter = try Counter()
    counter.parts.ticketFault.value = .mediaEmpty
    let complaint = Complaint(
      id: "c-1", number: "7KQ3-M9XT", kind: .late, filedAt: counter.parts.clock.now.wall)
    counter.runner.run(.printComplaint(counter.session, complaint))
    _ = await counter.answer {
      $0 == .complaintPaper(complaintID: "c-1", .failed(.mediaEmpty))
    }
  }

  @Test("numbers are made of signs that nobody mixes up")
  func numbers() {
    #expect(Complaint.number(from: [UInt8](repeating: 255, count: 8)).count == 9)
    #expect(Complaint.isNumber(Complaint.number(from: 0..<8)))
    #expect(Complaint.isNumber(Complaint.number(from: [])))
    for text in ["", "7KQ3M9XT", "7KQ3-M9X", "7KQ3-M9X0", "7kq3-m9xt", "7KQ3-M9XT-", "-7KQ3-M9XT"] {
      #expect(!Complaint.isNumber(text), "\(text)")
    }
  }
}
