import DinasProtocol
import OfficeModel
import Testing

@testable import dinas_simulator

@Suite("Changes come in pages and end")
struct ChangeJournalTests {
  let now = Timestamp(seconds: 1_795_150_000)

  func office(applications count: Int) throws -> LoadedOffice {
    var office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let key = String(repeating: "k", count: 43)
    office.applications = (0..<count).map {
      let registration = Base64URL.encode([UInt8](repeating: 0, count: 28) + bytes($0))
      return .init(registrationKey: registration, nikKey: key, status: nil)
    }
    office.documents = []
    return office
  }

  func bytes(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> ($0 * 8) & 255) } }

  @Test("twelve hundred rows come as three pages, each row once")
  func pages() throws {
    let journal = ChangeJournal(try office(applications: 1200))
    var cursor: String?
    var seen: [String] = []
    var pages = 0
    repeat {
      let page = try #require(journal.page(since: cursor, at: now))
      try page.check()
      seen += page.applications.map(\.registrationKey)
      cursor = page.cursor
      pages += 1
      if !page.hasMore { break }
    } while pages < 10
    #expect(pages == 3)
    #expect(seen.count == 1200 && Set(seen).count == 1200)
  }

  @Test("invented applications come once, and again when they are changed")
  func invented() throws {
    let today = try #require(CivilDate(year: 2026, month: 11, day: 20))
    var journal = ChangeJournal(try office(applications: 2))
    journal.invent(700, today: today)
    let first = try #require(journal.page(since: nil, at: now))
    let second = try #require(journal.page(since: first.cursor, at: now))
    let rows = first.applications + second.applications
    #expect(!second.hasMore && rows.count == 702)
    #expect(Set(rows.map(\.registrationKey)).count == 702)
    journal.invent(3, today: today)
    let delta = try #require(journal.page(since: second.cursor, at: now))
    try delta.check()
    #expect(delta.applications.map(\.registrationKey) == rows[2..<5].map(\.registrationKey))
    #expect(delta.applications.map(\.status) != rows[2..<5].map(\.status))
  }

  @Test("a cursor from before a restart, from the future or of nonsense is not taken")
  func cursors() throws {
    let office = try office(applications: 3)
    var journal = ChangeJournal(office)
    let cursor = try #require(journal.page(since: nil, at: now)).cursor
    #expect(journal.page(since: cursor, at: now) != nil)
    for wrong in ["", ".", "x.1", "\(office.generation).99", "\(office.generation).-1"] {
      #expect(journal.page(since: wrong, at: now) == nil)
    }
    journal.restart(office)
    #expect(journal.page(since: cursor, at: now) == nil)
  }

  @Test("after an unknown end a document is offered without a print, to who starts over as well")
  func unknownEnd() throws {
    let office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    var journal = ChangeJournal(office)
    let before = try #require(journal.page(since: nil, at: now))
    let offered = try #require(
      before.documents.first { ($0.offer?.summary.printsLeft ?? 0) > 0 }?.id)
    func left(_ page: ChangesBody?) -> [Int?] {
      (page?.documents ?? []).filter { $0.id == offered }.map { $0.offer?.summary.printsLeft }
    }
    func report(_ outcome: PrintOutcome) -> KioskReport {
      KioskReport(
        id: "e1", at: now,
        content: .printOutcome(
          documentID: offered, jobKey: "j-\(outcome)", outcome: outcome))
    }
    journal.apply(report(.notPrinted))
    #expect(left(journal.page(since: before.cursor, at: now)).isEmpty)
    journal.apply(report(.unknown))
    #expect(left(journal.page(since: before.cursor, at: now)) == [0])
    #expect(left(journal.page(since: nil, at: now)) == [0])
  }

  @Test("set back to a backup, what was printed since is not offered again")
  func restored() throws {
    let office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let id = try #require(
      office.documents.first { !$0.offer.summary.isCard && $0.granted == 1 }?.offer.summary.id)
    var journal = ChangeJournal(office)
    let backup = journal
    journal.apply(
      KioskReport(
        id: "e1", at: now,
        content: .printOutcome(documentID: id, jobKey: "j", outcome: .delivered)))
    #expect(journal.isPrinted(id))
    journal.restore(backup, forgetsRights: false)
    #expect(journal.isPrinted(id) && journal.sealedBytes(id) == nil)
    journal.restore(backup, forgetsRights: true)
    #expect(!journal.isPrinted(id))
  }

  @Test("a counter has one number on the board")
  func board() throws {
    var journal = ChangeJournal(try office(applications: 0))
    journal.call(NowServingRow(number: "A-013", counter: "Loket 1", isPriority: false))
    let board = try #require(journal.page(since: nil, at: now)).nowServing
    #expect(board.count { $0.counter == "Loket 1" } == 1)
    #expect(board.first?.number == "A-013")
  }
}
