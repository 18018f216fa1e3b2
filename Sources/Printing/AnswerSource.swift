internal import CCUPS

/// The bytes of an answer on their way to libcups, with the limits that its reading has not: it takes
/// whatever comes, and calls itself for each collection in a collection.
@unsafe struct AnswerSource {
  /// No answer that we ask for has more: some kilobytes for a printer, a few hundred for a long list
  /// of jobs.
  static let byteLimit = 1 << 20
  /// Collections in collections; media of a printer have three.
  static let depthLimit = 16

  private let http: OpaquePointer
  private var left = byteLimit
  private var depth = 0
  /// The length of a text of one byte was just read: the next byte is that, and no tag.
  private var isTextNext = false
  /// A limit was passed.
  private(set) var isTooMuch = false

  init(_ http: OpaquePointer) { unsafe self.http = http }

  /// - Returns: false when the answer ended too early or is too much; `isTooMuch` tells which.
  static func read(_ answer: OpaquePointer, from source: inout AnswerSource) -> Bool {
    while true {
      let state = unsafe ippReadIO(
        &source,
        { context, buffer, count in
          guard let source = unsafe context?.assumingMemoryBound(to: AnswerSource.self),
            let buffer = unsafe buffer
          else { return -1 }
          return unsafe source.pointee.fill(buffer, count)
        }, 1, nil, answer)
      if state == IPP_STATE_DATA { return true }
      if state == IPP_STATE_ERROR { return false }
    }
  }

  private mutating func fill(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    guard unsafe !isTooMuch, unsafe count <= left else {
      unsafe isTooMuch = true
      return -1
    }
    unsafe left -= count
    var filled = 0
    while filled < count {
      let more = unsafe buffer.withMemoryRebound(to: CChar.self, capacity: count) {
        unsafe httpRead2(http, $0 + filled, count - filled)
      }
      guard more > 0 else { return filled == 0 ? -1 : filled }
      filled += more
    }
    unsafe note(UnsafeBufferPointer(start: buffer, count: count))
    return unsafe isTooMuch ? -1 : count
  }

  /// libcups reads tags one by one, and lengths by two bytes.
  private mutating func note(_ bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.count == 1, unsafe !isTextNext {
      let tag = unsafe UInt32(bytes[0])
      if tag == IPP_TAG_BEGIN_COLLECTION.rawValue { unsafe depth += 1 }
      if tag == IPP_TAG_END_COLLECTION.rawValue { unsafe depth -= 1 }
      if unsafe depth > Self.depthLimit { unsafe isTooMuch = true }
    }
    unsafe isTextNext = bytes.count == 2 && bytes[0] == 0 && bytes[1] == 1
  }
}
