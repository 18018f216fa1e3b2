internal import GRDB
internal import OfficeModel

extension LocalStore {
  /// Keeps what a page told of the office, in the page's transaction.
  static func apply(_ db: Database, _ news: OfficeNews, _ seal: RowSeal) throws {}
}
