internal import CLinux
internal import Glibc

/// Memory for what must not outlive a session: digits of a NIK or PIN, a scanned payload, a
/// decrypted document, a preview bitmap. It is locked (never swapped), kept out of core dumps and
/// zeroed when it is wiped or let go. It grows by moving: the old place is zeroed first.
///
/// Unchecked because the compiler cannot see it: every buffer lives inside the mutex of one
/// `SecretVault` and never leaves it.
@safe final class SensitiveBuffer: @unchecked Sendable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0

  init(capacity wanted: Int) throws(SensitiveMemoryError) {
    (unsafe base, capacity) = try unsafe Self.map(wanted)
  }

  deinit {
    unsafe clinux_wipe(base, capacity)
    unsafe munmap(base, capacity)
  }

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  func append(_ source: UnsafeRawBufferPointer) throws(SensitiveMemoryError) {
    if count + source.count > capacity {
      let (larger, size) = try unsafe Self.map(max(capacity * 2, count + source.count))
      unsafe larger.copyMemory(from: base, byteCount: count)
      unsafe clinux_wipe(base, capacity)
      unsafe munmap(base, capacity)
      unsafe base = larger
      capacity = size
    }
    guard let start = source.baseAddress else { return }
    unsafe base.advanced(by: count).copyMemory(from: start, byteCount: source.count)
    count += source.count
  }

  func removeLast() {
    guard count > 0 else { return }
    count -= 1
    unsafe clinux_wipe(base.advanced(by: count), 1)
  }

  func wipe() {
    unsafe clinux_wipe(base, capacity)
    count = 0
  }

  private static func map(
    _ wanted: Int
  ) throws(SensitiveMemoryError) -> (UnsafeMutableRawPointer, Int) {
    let page = 4096
    let size = (max(wanted, 1) + page - 1) / page * page
    let address = unsafe mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != UnsafeMutableRawPointer(bitPattern: -1)
    else { throw SensitiveMemoryError(call: "mmap", code: errno) }
    // RLIMIT_MEMLOCK may be small on a desktop; unlocked memory is still zeroed, so go on.
    _ = unsafe mlock(address, size)
    _ = unsafe clinux_dont_dump(address, size)
    return unsafe (address, size)
  }
}

/// Memory could not be had. Carries the call and its errno, never contents.
public struct SensitiveMemoryError: Error, CustomStringConvertible {
  public let call: String
  public let code: Int32
  public var description: String { "\(call): errno \(code)" }
}
