internal import GRDB
public import OfficeModel
public import Ports

extension LocalStore {
  /// What the last run knew of the time, and when the last number was given. Blocks: for the opening
  /// of the kiosk, before anything runs.
  public func clockAtOpening() throws(PortError) -> (memory: ClockMemory?, lastTicket: Timestamp?) {
    do {
      return try pool.read { db in
        let ticket = try Int64.fetchOne(db, sql: "SELECT MAX(issued_at) FROM ticket")
        return (
          try Row.fetchOne(db, sql: "SELECT * FROM clock").map(Self.clockMemory),
          ticket.map(Timestamp.init(milliseconds:))
        )
      }
    } catch { throw StoreFailure.port(error, "read clock") }
  }

  @Sendable func saveClock(_ memory: ClockMemory) async throws(PortError) {
    try await write("save clock") { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO clock(id, boot_id, offset, source, seen, server, staff, pardoned)
          VALUES(1, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          memory.bootID, memory.anchor?.offset, memory.anchor?.source.rawValue,
          memory.seen?.milliseconds, memory.server?.milliseconds, memory.staff?.rawValue,
          memory.pardoned?.milliseconds,
        ])
    }
  }

  private static func clockMemory(_ row: Row) -> ClockMemory {
    func time(_ column: String) -> Timestamp? {
      (row[column] as Int64?).map(Timestamp.init(milliseconds:))
    }
    let source = (row["source"] as String?).flatMap(ClockMemory.Source.init(rawValue:))
    return ClockMemory(
      bootID: row["boot_id"] ?? "",
      anchor: (row["offset"] as Int64?).flatMap { offset in
        source.map { ClockMemory.Anchor(offset: offset, source: $0) }
      },
      seen: time("seen"), server: time("server"),
      staff: (row["staff"] as String?).flatMap(ClockMemory.StaffWord.init(rawValue:)),
      pardoned: time("pardoned"))
  }
}
