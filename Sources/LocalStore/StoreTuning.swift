extension LocalStore {
  /// The name of the database in the store's folder.
  public static let databaseName = StoreFiles.databaseName

  /// What every connection is told, beside WAL mode. Public, so that benchmarks give SQLite alone the
  /// very same.
  public static let pragmas = [
    // A commit is on the disk when it returns.
    "PRAGMA synchronous = FULL",
    // Deleted rows are overwritten, so a collected document does not stay in free pages.
    "PRAGMA secure_delete = ON",
  ]
}
