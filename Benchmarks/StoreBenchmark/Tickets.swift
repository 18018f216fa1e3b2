import ArgumentParser
import FoundationEssentials
import GRDBSQLite
import LocalStore
import OfficeModel
import Ports

/// A number of the reserve, with the rules, the audit log and the item for the server, from the call to
/// its durable commit, beside one bare `INSERT` with its commit on the same
/// disk, in turns.
struct Tickets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tickets")

  @Option(help: "Folder for both databases; must not be there yet.")
  var folder: String

  @Option var count = 2_000

  /// More than a kiosk gives of one service.
  private static let perDay = 500

  private struct Answer: Encodable {
    var ours: Timings
    var bare: Timings
  }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let local = try LocalStore.open(directory: folder + "/store", storeKey: benchmarkKey)
    let port = local.port()
    let bare = try BareDatabase(folder + "/bare.sqlite")
    _ = try bare.rows("PRAGMA journal_mode = WAL", columns: 1)
    for pragma in LocalStore.pragmas { try bare.execute(pragma) }
    try bare.execute(
      """
      CREATE TABLE ticket (
        id TEXT NOT NULL PRIMARY KEY, series TEXT NOT NULL, local_date TEXT NOT NULL,
        number INTEGER NOT NULL, UNIQUE (series, local_date, number)) STRICT;
      """)
    let insert = try bare.prepare(
      "INSERT INTO ticket(id, series, local_date, number) VALUES(?, ?, ?, ?)")
    defer { sqlite3_finalize(insert) }
    guard let first = CivilDate(year: 2026, month: 11, day: 20) else { throw Failed("no such day") }
    let now = Timestamp(seconds: 1_795_150_000)
    let days = (0...count / Self.perDay).map { first.adding(days: $0) }
    let reserves = days.map {
      NumberReserve(
        series: "A2", serviceID: "kartu-keluarga", lane: .general, date: $0, first: 1,
        last: Self.perDay)
    }
    try await port.cache.apply(
      ChangesPage(
        cursor: "c1", hasMore: false, serverTime: now, applications: [], documents: [],
        nowServing: [], queue: QueueNews(asOf: now, reserves: reserves)), now)
    let clock = ContinuousClock()
    var (ours, theirs) = (Timings(), Timings())
    for turn in 0..<count {
      let day = days[turn / Self.perDay]
      for isOurs in turn.isMultiple(of: 2) ? [true, false] : [false, true] {
        let began = clock.now
        if isOurs {
          let draft = TicketDraft(
            id: "contoh-\(turn)", serviceID: "kartu-keluarga", serviceName: "Kartu Keluarga",
            lane: .general, date: day, issuedAt: now.adding(.seconds(turn)))
          guard case .given = try await port.tickets.issue(draft, nil) else {
            throw Failed("no number")
          }
          ours.add(clock.now - began)
        } else {
          _ = try bare.run(insert, ["contoh-\(turn)", "A", day.description, "\(turn + 1)"])
          theirs.add(clock.now - began)
        }
      }
    }
    try local.close()
    try tell(Answer(ours: ours, bare: theirs))
  }
}
