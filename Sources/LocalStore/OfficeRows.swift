internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  private enum Part: String, CaseIterable { case services, hours, closures, announcements }

  /// Keeps what a page told of the office, in the page's transaction.
  static func apply(_ db: Database, _ news: OfficeNews, generation: Int) throws {
    func keep(_ part: Part, _ value: (some Encodable)?) throws {
      guard let value else { return }
      try db.execute(
        sql: "INSERT OR REPLACE INTO office_part(name, json, generation) VALUES(?, ?, ?)",
        arguments: [part.rawValue, try JSONEncoder().encode(value), generation])
    }
    try keep(.services, news.services)
    try keep(.hours, news.hours)
    try keep(.closures, news.closures)
    try keep(.announcements, news.announcements)
    if let lists = news.revocationLists { try apply(db, lists) }
  }

  /// A list of the same content keeps its ending: it is not fetched again.
  private static func apply(_ db: Database, _ lists: [RevocationListOffer]) throws {
    for id in try String.fetchAll(db, sql: "SELECT id FROM revocation_list")
    where !lists.contains(where: { $0.id == id }) {
      try db.execute(sql: "DELETE FROM revocation_list WHERE id = ?", arguments: [id])
    }
    for list in lists {
      try db.execute(
        sql: """
          INSERT INTO revocation_list(id, sha256, size) VALUES(?, ?, ?)
          ON CONFLICT(id) DO UPDATE SET
            ending = CASE WHEN sha256 = excluded.sha256 THEN ending END,
            sha256 = excluded.sha256, size = excluded.size
          """,
        arguments: [list.id, list.sha256, list.sizeBytes])
    }
  }

  /// After everything was told anew: what was not told is no longer so, and the configuration counts.
  static func dropOfficeParts(_ db: Database, before generation: Int) throws {
    try db.execute(sql: "DELETE FROM office_part WHERE generation < ?", arguments: [generation])
  }

  @Sendable func office() async throws(PortError) -> OfficeNews {
    try await read("office") { db in
      func part<Value: Decodable>(_ part: Part, _ type: Value.Type) throws -> Value? {
        let json = try Data.fetchOne(
          db, sql: "SELECT json FROM office_part WHERE name = ?", arguments: [part.rawValue])
        do { return try json.map { try JSONDecoder().decode(type, from: $0) } } catch {
          // Written by a version that knew other fields: the server tells it again.
          throw PortError(.malformed, step: "office", detail: part.rawValue)
        }
      }
      return OfficeNews(
        services: try part(.services, [ServiceStandard].self),
        hours: try part(.hours, OfficeHours.self),
        closures: try part(.closures, [OfficeCalendar.Closure].self),
        announcements: try part(.announcements, [Announcement].self))
    }
  }

  @Sendable func missingLists() async throws(PortError) -> [RevocationListOffer] {
    try await read("missing lists") { db in
      try Row.fetchAll(
        db, sql: "SELECT id, size, sha256 FROM revocation_list WHERE ending IS NULL ORDER BY id"
      ).map { row in
        guard let id = row["id"] as String?, let size = row["size"] as Int?,
          let sha256 = row["sha256"] as String?
        else { throw PortError(.storageDamaged, step: "read revocation list") }
        return RevocationListOffer(id: id, sizeBytes: size, sha256: sha256)
      }
    }
  }

  @Sendable func endList(
    _ list: RevocationListOffer, _ ending: String
  ) async throws(PortError) {
    try await write("end list") { db in
      // Not when the server offered a newer one meanwhile.
      try db.execute(
        sql: "UPDATE revocation_list SET ending = ? WHERE id = ? AND sha256 = ?",
        arguments: [String(ending.prefix(64)), list.id, list.sha256])
    }
  }
}
