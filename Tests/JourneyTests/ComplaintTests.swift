import OfficeModel
import Testing

@testable import Journey

@Suite("A complaint at the glass")
struct ComplaintTests {
  private func reachKinds() -> Player {
    var player = Player()
    player.tap(.start)
    player.tap(.complaints)
    player.tap(.complain)
    return player
  }

  @Test("a picture is touched, and the answer is a number on the glass and on a slip")
  func filed() throws {
    var player = reachKinds()
    let session = try #require(player.state.session)
    player.effects = []
    player.tap(.complaintKind(.fee))
    #expect(player.effects.contains(.fileComplaint(session, .fee)))
    #expect(player.state.screen == .filingComplaint)
    player.answer(.complaintFiled(Invented.complaint))
    #expect(player.effects.contains(.printComplaint(session, Invented.complaint)))
    #expect(
      player.state.screen
        == .complaint(ComplaintShown(complaint: Invented.complaint, paper: .printing)))
    player.answer(.complaintPaper(complaintID: "another", .printed))
    #expect(
      player.state.screen
        == .complaint(ComplaintShown(complaint: Invented.complaint, paper: .printing)))
    player.answer(.complaintPaper(complaintID: "c-1", .failed(.mediaEmpty)))
    player.effects = []
    player.tap(.retryTicketPaper)
    #expect(player.effects.contains(.printComplaint(session, Invented.complaint)))
  }

  @Test("a second tap files nothing, and the way back leads past the number")
  func once() {
    var player = reachKinds()
    player.tap(.complaintKind(.late))
    player.effects = []
    player.tap(.complaintKind(.late))
    player.tap(.back)
    #expect(!player.effects.contains { if case .fileComplaint = $0 { true } else { false } })
    player.answer(.complaintFiled(Invented.complaint))
    #expect(!Journey.bar(for: player.state).contains(.back))
  }

  @Test("what cannot be kept is not taken: grey beforehand, said afterwards")
  func notKept() {
    var player = reachKinds()
    player.tap(.complaintKind(.other))
    player.answer(.complaintNotFiled)
    #expect(player.state.screen == .complaintRefused)
    player.tap(.goHome)
    player.tap(.complaints)
    player.act(.facts(.store(writable: false)))
    #expect(!Journey.accepts(.complain, in: player.state))
  }
}
