internal import GRDB
internal import OfficeModel

extension LocalStore {
  /// Keeps what a page told of the queue, in the page's transaction.
  static func apply(_ db: Database, _ news: QueueNews) throws {}
}
