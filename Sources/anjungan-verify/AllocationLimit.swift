internal import CLinux
internal import Glibc

/// How much memory qpdf may ask for. It decodes cross-reference and object streams whole, and reads
/// values without end, before anybody could count: a bomb has to be stopped where it grows.
enum AllocationLimit {
  /// The largest piece: a buffer that grows in doubling steps and holds the largest stream that a
  /// document can have as it is written.
  static let pieceBytes = 32 << 20
  /// All small pieces together, given back or not, which is what reading values costs: less than
  /// a second of work. Genuine documents need 2 to 10 MiB; one with tens of thousands of values in
  /// each of two revisions 130 MiB, one of 19,000 objects with some nine values each 480 MiB.
  static let sumBytes = 768 << 20
  /// Larger pieces are contents as they are written; the document bounds them.
  static let smallBytes = 64 << 10
  /// What a piece costs besides its bytes.
  static let overheadBytes = 16

  private static nonisolated(unsafe) var sum = 0
  private static nonisolated(unsafe) var giveUp: (() -> Never)?

  /// From here on the limits hold. `giveUp` is called in the middle of qpdf when one is reached.
  static func hold(_ giveUp: @escaping () -> Never) { unsafe self.giveUp = giveUp }

  static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    // Nil in a program that is not the helper and only links this.
    guard let giveUp = unsafe giveUp else { return unsafe clinux_original_new(size) }
    if size < smallBytes { unsafe sum += size + overheadBytes }
    guard size <= pieceBytes, unsafe sum <= sumBytes, let memory = unsafe malloc(max(size, 1))
    else { giveUp() }
    return unsafe memory
  }
}

/// Replaces C++'s `operator new` in this process, which every program may do. The helper has one
/// thread.
@_cdecl("_Znwm")
public func operatorNew(_ size: Int) -> UnsafeMutableRawPointer? {
  unsafe AllocationLimit.allocate(size)
}
