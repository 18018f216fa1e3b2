internal import GRDB
internal import Glibc
internal import Ports

/// Names the store that belongs to a key, in a file beside the key: a folder without that store is
/// one whose disk is not there, and no new beginning.
struct StoreMark {
  let path: String

  private static let metaKey = "store_id"

  private static func failure(_ detail: String) -> PortError {
    PortError(.storageFailed, step: "store mark", detail: detail)
  }

  /// Before a store is made.
  func expectNone() throws(PortError) {
    guard try StoreFiles.size(path) == 0 else {
      throw Self.failure("the store that belongs to the key is not in its folder")
    }
  }

  /// Holds the store against its mark. One that has none yet gets one, where the key's folder can be
  /// written: a key that was put there by somebody else goes without.
  func match(_ db: Database) throws {
    let named = try read()
    let own = try LocalStore.meta(db, Self.metaKey)
    if let named, let own {
      guard named == own else { throw Self.failure("another store than the one of the key") }
      return
    }
    let id = named ?? own ?? Self.make()
    if own == nil { try LocalStore.setMeta(db, Self.metaKey, id) }
    if named == nil { try? write(id) }
  }

  private static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return [generator.next(), generator.next()].map { (word: UInt64) in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Nil where there is none.
  private func read() throws(PortError) -> String? {
    guard try StoreFiles.size(path) > 0 else { return nil }
    let bytes = try StoreFiles.bytes(path, atMost: 64)
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private func write(_ id: String) throws(PortError) {
    let new = path + ".new"
    StoreFiles.remove(new)
    try StoreFiles.createPrivate(new)
    try StoreFiles.append(Array((id + "\n").utf8), to: new)
    try StoreFiles.rename(new, path)
    try StoreFiles.synchronise(StoreFiles.folder(of: path))
  }
}
