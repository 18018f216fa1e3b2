internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  private static let lookUp = "SELECT sealed FROM application WHERE registration = ? AND nik = ?"

  /// What the cache knows of one application: nothing unless number and NIK belong together.
  @Sendable func application(
    _ registration: LookupKey, _ nik: LookupKey
  ) async throws(PortError) -> ApplicationStatus? {
    let seal = seal
    let find: @Sendable (Database) throws -> ApplicationStatus? = { db in
      let sealed = try Data.fetchOne(
        db.cachedStatement(sql: Self.lookUp), arguments: [registration.value, nik.value])
      return try sealed.map { try Self.open($0, registration.value, nik.value, seal) }
    }
    if let found = quickReader.read(find) { return found.value }
    return try await read("application", find)
  }

  /// Keeps the applications of a page, in its transaction.
  static func apply(
    _ db: Database, _ applications: [ChangesPage.Application], _ seal: RowSeal, _ generation: Int
  ) throws {
    guard !applications.isEmpty else { return }
    let delete = try db.cachedStatement(sql: "DELETE FROM application WHERE registration = ?")
    let keep = try db.cachedStatement(
      sql: """
        INSERT INTO application(registration, nik, sealed, generation) VALUES(?, ?, ?, ?)
        ON CONFLICT(registration) DO UPDATE SET
          nik = excluded.nik, sealed = excluded.sealed, generation = excluded.generation
        """)
    for application in applications {
      let (registration, nik) = (application.registration.value, application.nik.value)
      guard let status = application.status else {
        try delete.execute(arguments: [registration])
        continue
      }
      let sealed = try seal.seal(
        ApplicationForm.bytes(status), table: "application", row: registration + "|" + nik)
      try keep.execute(arguments: [registration, nik, sealed, generation])
    }
  }

  /// After the last page: what no page of this generation named is gone. Once in a generation, because
  /// looking for it means reading every row there is.
  static func dropApplications(_ db: Database, before generation: Int) throws {
    let swept = "swept_generation"
    guard try meta(db, swept) != String(generation) else { return }
    try db.execute(sql: "DELETE FROM application WHERE generation < ?", arguments: [generation])
    try setMeta(db, swept, String(generation))
  }

  private static func open(
    _ sealed: Data, _ registration: String, _ nik: String, _ seal: RowSeal
  ) throws(PortError) -> ApplicationStatus {
    try ApplicationForm.status(
      try seal.open(sealed, table: "application", row: registration + "|" + nik))
  }
}
