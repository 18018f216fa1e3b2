internal import DinasProtocol
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Requests that are over and older than this say nothing to anybody any more.
  private static let requestsKept = Duration.seconds(40 * 86_400)

  @Sendable func askNumber(_ request: NumberRequest) async throws(PortError) {
    try await write("ask number") { db in
      try db.cachedStatement(
        sql: "DELETE FROM number_request WHERE state <> 'asked' AND asked_at < ?"
      ).execute(
        arguments: [request.askedAt.adding(.zero - Self.requestsKept).milliseconds])
      try db.cachedStatement(
        sql: "INSERT INTO number_request(id, run, asked_at, state) VALUES(?, ?, ?, 'asked')"
      ).execute(
        arguments: [request.id, request.run, request.askedAt.milliseconds])
    }
  }

  @Sendable func refuseNumber(_ id: String) async throws(PortError) {
    try await write("refuse number") { db in try Self.close(db, request: id, as: "refused") }
  }

  @Sendable func voidLeft(
    _ run: String, _ who: String, _ at: Timestamp
  ) async throws(PortError) -> Int {
    try await write("void requests") { db in
      let left = try String.fetchAll(
        db.cachedStatement(sql: "SELECT id FROM number_request WHERE state = 'asked' AND run <> ?"),
        arguments: [run])
      for id in left { try Self.void(db, id, who, at) }
      return left.count
    }
  }

  @Sendable func voidNumber(
    _ id: String, _ who: String, _ at: Timestamp
  ) async throws(PortError) {
    try await write("void request") { db in try Self.void(db, id, who, at) }
  }

  /// What replaces a voided request is reported behind its void: the other way round the server would
  /// hold a number against its holder that nobody was shown.
  static func stream(voiding id: String) -> String { "void:" + id }

  /// The request is over here, and the server will be told; nothing happens when it was over before.
  static func void(_ db: Database, _ id: String, _ who: String, _ at: Timestamp) throws {
    try db.cachedStatement(
      sql: "UPDATE number_request SET state = 'voided' WHERE id = ? AND state = 'asked'"
    ).execute(
      arguments: [id])
    guard db.changesCount == 1 else { return }
    try insert(
      db,
      OutboxItem(
        id: TicketVoid.key(of: id), kind: .ticketVoid, stream: stream(voiding: id),
        body: try Wire.encode(TicketVoid(id: id, at: at)), createdAt: at))
    try append(db, AuditEntry(at: at, who: who, what: .ticketVoided, subject: id))
  }

  /// Only an open request can be closed: an answer that comes after its void finds it closed.
  static func close(_ db: Database, request id: String, as state: String) throws {
    try db.cachedStatement(
      sql: "UPDATE number_request SET state = ? WHERE id = ? AND state = 'asked'"
    ).execute(
      arguments: [state, id])
    guard db.changesCount == 1 else {
      throw PortError(.conflict, step: "number request", detail: "is over")
    }
  }
}
