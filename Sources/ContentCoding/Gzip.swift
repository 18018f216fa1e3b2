internal import CZlib

/// Why content could not be unpacked or packed.
public enum GzipProblem: Error, Sendable, Hashable {
  /// No gzip, cut off, with something behind its end, or a checksum that does not fit.
  case malformed
  /// More than the limit comes out of it.
  case tooLarge
  /// zlib itself refused.
  case unusable
}

/// The content coding `gzip` of pages (RFC 9110 section 8.4.1.3).
public enum Gzip {
  /// The content of exactly one gzip member.
  ///
  /// Nothing beyond `limit` bytes is unpacked, so a small body cannot fill the memory.
  public static func unpack(_ packed: [UInt8], limit: Int) throws(GzipProblem) -> [UInt8] {
    var stream = unsafe z_stream()
    guard unsafe zlib_gunzip_begin(&stream) == Z_OK else {
      throw GzipProblem.unusable
    }
    defer { unsafe inflateEnd(&stream) }
    // A byte more than allowed shows that there would be more.
    let step = unsafe run(&stream, packed, room: limit + 1) { stream in
      unsafe inflate(stream, Z_FINISH)
    }
    guard step.bytes.count <= limit else {
      throw GzipProblem.tooLarge
    }
    guard step.code == Z_STREAM_END, step.unread == 0 else {
      throw GzipProblem.malformed
    }
    return step.bytes
  }

  public static func pack(_ bytes: [UInt8]) throws(GzipProblem) -> [UInt8] {
    var stream = unsafe z_stream()
    guard unsafe zlib_gzip_begin(&stream) == Z_OK else {
      throw GzipProblem.unusable
    }
    defer { unsafe deflateEnd(&stream) }
    let room = unsafe Int(clamping: deflateBound(&stream, UInt(bytes.count)))
    let step = unsafe run(&stream, bytes, room: room) { stream in
      unsafe deflate(stream, Z_FINISH)
    }
    guard step.code == Z_STREAM_END else { throw GzipProblem.unusable }
    return step.bytes
  }

  /// One call of zlib over the whole input, with room for `room` bytes of output.
  private static func run(
    _ stream: inout z_stream, _ input: [UInt8], room: Int,
    _ step: (UnsafeMutablePointer<z_stream>) -> Int32
  ) -> (code: Int32, bytes: [UInt8], unread: Int) {
    // What grows with the input is bounded by it too: gzip packs at most about 1 : 1032.
    let room = min(room, input.count * 1040 + 1024)
    var input = input
    var code = Z_ERRNO
    var unread = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(clamping: source.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(clamping: room)
        code = unsafe step(&stream)
        unread = unsafe Int(stream.avail_in)
        count = unsafe room - Int(stream.avail_out)
      }
    }
    return (code, bytes, unread)
  }
}
