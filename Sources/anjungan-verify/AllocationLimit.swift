internal import CLinux

/// The largest piece of memory that qpdf may ask for at once: a buffer that grows in doubling steps
/// and holds the largest stream that a document can have as it is written. qpdf decodes cross-
/// reference and object streams whole before anybody can count what comes out; a bomb ends here.
private let pieceLimitBytes = 32 << 20

/// Replaces C++'s `operator new` in this process, which every C++ program may do.
@_cdecl("_Znwm")
public func limitedNew(_ size: Int) -> UnsafeMutableRawPointer? {
  unsafe clinux_new(size, pieceLimitBytes)
}
