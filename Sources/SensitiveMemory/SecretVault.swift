import Synchronization

/// Names a secret without holding it. State, actions and logs carry only this.
public struct SecretHandle: Hashable, Sendable, CustomStringConvertible {
  public let id: UInt64
  /// For a reducer, which numbers its own secrets: keep below `SecretVault.firstOwnID`.
  public init(id: UInt64) { self.id = id }
  public var description: String { "secret#\(id)" }
}

/// All secrets of the process, by handle. The only place that can read them, and the one place
/// that wipes them when a session ends.
public final class SecretVault: Sendable {
  /// Handles from here up are given out by the vault itself.
  public static let firstOwnID: UInt64 = 1 << 32
  /// A typed or scanned value never needs more.
  public static let entryLimitBytes = 2048
  /// The largest bulk secret: a 4096 x 4096 bitmap of four bytes a pixel.
  public static let bulkLimitBytes = 64 << 20

  private struct Contents: ~Copyable {
    var buffers: [UInt64: SensitiveBuffer] = [:]
    var nextID = SecretVault.firstOwnID
  }
  private let contents = Mutex(Contents())

  public init() {}

  /// Adds one byte to an entry, which comes into being with its first byte. A full entry stays as
  /// it is.
  public func append(_ byte: UInt8, to handle: SecretHandle) throws(SensitiveMemoryError) {
    try contents.withLock { (contents) throws(SensitiveMemoryError) in
      let buffer: SensitiveBuffer
      if let known = contents.buffers[handle.id] {
        buffer = known
      } else {
        buffer = try SensitiveBuffer(capacity: 64)
        contents.buffers[handle.id] = buffer
      }
      guard buffer.count < Self.entryLimitBytes else { return }
      var byte = byte
      try Self.append(&byte, to: buffer)
      byte = 0
    }
  }

  private static func append(
    _ byte: inout UInt8, to buffer: SensitiveBuffer
  ) throws(SensitiveMemoryError) {
    let result: Result<Void, SensitiveMemoryError> = unsafe withUnsafeBytes(of: &byte) { raw in
      do throws(SensitiveMemoryError) {
        return .success(try unsafe buffer.append(raw))
      } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Keeps a copy of `bytes` under a new handle. The caller wipes its own copy.
  public func store(_ bytes: UnsafeRawBufferPointer) throws(SensitiveMemoryError) -> SecretHandle {
    guard bytes.count <= Self.bulkLimitBytes else {
      throw SensitiveMemoryError(call: "store", code: 7)  // E2BIG
    }
    // The pointer is only read before the lock is let go.
    nonisolated(unsafe) let bytes = unsafe bytes
    return try contents.withLock { (contents) throws(SensitiveMemoryError) in
      let buffer = try SensitiveBuffer(capacity: unsafe bytes.count)
      try unsafe buffer.append(bytes)
      let handle = SecretHandle(id: contents.nextID)
      contents.nextID += 1
      contents.buffers[handle.id] = buffer
      return handle
    }
  }

  /// A new, empty secret that is filled by `append(contentsOf:to:)`.
  public func makeBulk(capacity: Int) throws(SensitiveMemoryError) -> SecretHandle {
    try contents.withLock { (contents) throws(SensitiveMemoryError) in
      let buffer = try SensitiveBuffer(capacity: min(capacity, Self.bulkLimitBytes))
      let handle = SecretHandle(id: contents.nextID)
      contents.nextID += 1
      contents.buffers[handle.id] = buffer
      return handle
    }
  }

  /// Adds bytes to a bulk secret; false when the handle is unknown or the limit is reached.
  public func append(
    contentsOf bytes: UnsafeRawBufferPointer, to handle: SecretHandle
  ) throws(SensitiveMemoryError) -> Bool {
    nonisolated(unsafe) let bytes = unsafe bytes
    return try contents.withLock { (contents) throws(SensitiveMemoryError) in
      guard let buffer = contents.buffers[handle.id],
        unsafe buffer.count + bytes.count <= Self.bulkLimitBytes
      else { return false }
      try unsafe buffer.append(bytes)
      return true
    }
  }

  public func removeLast(of handle: SecretHandle) {
    contents.withLock { $0.buffers[handle.id]?.removeLast() }
  }

  public func count(of handle: SecretHandle) -> Int {
    contents.withLock { $0.buffers[handle.id]?.count ?? 0 }
  }

  /// Reads a secret in place. The closure must not keep the pointer nor copy the bytes to where
  /// they are not wiped. Nil when there is no such secret. The vault is locked meanwhile: keep it
  /// short and never call the vault from inside.
  public func withBytes<R: Sendable>(
    of handle: SecretHandle, _ body: (UnsafeRawBufferPointer) throws -> R
  ) rethrows -> R? {
    nonisolated(unsafe) let body = unsafe body
    return try contents.withLock { contents in
      guard let buffer = contents.buffers[handle.id] else { return nil }
      return try unsafe body(buffer.bytes)
    }
  }

  /// Zeroes and forgets one secret.
  public func wipe(_ handle: SecretHandle) {
    contents.withLock { contents in
      contents.buffers.removeValue(forKey: handle.id)?.wipe()
    }
  }

  /// Zeroes and forgets everything: the end of a session.
  public func wipeAll() {
    contents.withLock { contents in
      for buffer in contents.buffers.values { buffer.wipe() }
      contents.buffers.removeAll()
    }
  }

  /// How many secrets there are now; zero between sessions.
  public var population: Int { contents.withLock { $0.buffers.count } }
}
