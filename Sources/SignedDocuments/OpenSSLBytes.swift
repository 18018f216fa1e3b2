internal import COpenSSL
internal import Glibc

/// Small crossings into libcrypto that several files need.
enum OpenSSLBytes {
  /// The bytes of an ASN.1 string; empty for none.
  static func copy(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let string = unsafe string, let data = unsafe ASN1_STRING_get0_data(string) else {
      return []
    }
    let count = unsafe Int(ASN1_STRING_length(string))
    return unsafe [UInt8](UnsafeBufferPointer(start: data, count: max(0, count)))
  }

  /// What writers leave after a value that proves itself: line ends, spaces, zeros.
  static func isPadding(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.allSatisfy { [0x00, 0x09, 0x0a, 0x0d, 0x20].contains($0) }
  }

  /// Decodes one value with a `d2i` function; nil unless `bytes` is that value, followed at most
  /// by what `rest` allows.
  static func decode(
    _ bytes: [UInt8], restMayBe rest: (ArraySlice<UInt8>) -> Bool = { $0.isEmpty },
    _ d2i: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?,
    free: (OpaquePointer) -> Void
  ) -> OpaquePointer? {
    ERR_clear_error()
    return unsafe bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var cursor = buffer.baseAddress
      guard let value = unsafe d2i(&cursor, buffer.count) else { return nil }
      guard let start = buffer.baseAddress, let end = unsafe cursor,
        unsafe rest(bytes[(end - start)...])
      else {
        unsafe free(value)
        return nil
      }
      return unsafe value
    }
  }

  /// Everything that `next` finds in PEM text; nothing when a part is damaged, is not taken by
  /// `make`, which owns it, or when there are more than `limit`: half of a file was not meant.
  static func parts<Part>(
    ofPEM text: [UInt8], limit: Int, _ next: (OpaquePointer) -> OpaquePointer?,
    _ make: (OpaquePointer) -> Part?
  ) -> [Part] {
    ERR_clear_error()
    defer { ERR_clear_error() }
    return unsafe text.withUnsafeBytes { buffer in
      guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else {
        return []
      }
      defer { unsafe BIO_free(bio) }
      var found: [Part] = []
      while let value = unsafe next(bio) {
        guard let part = unsafe make(value), found.count < limit else { return [] }
        found.append(part)
      }
      // The end of the text, and nothing else, is where no further part begins.
      let end = ERR_peek_last_error()
      let isEnd = ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE
      return isEnd ? found : []
    }
  }

  /// Seconds since 1970; nil for what is no time.
  static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    guard let time = unsafe time else { return nil }
    var parts = unsafe tm()
    guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Int64(unsafe timegm(&parts))
  }

  static func encode(_ i2d: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32)
    -> [UInt8]
  {
    let count = Int(i2d(nil))
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var cursor = buffer.baseAddress
      _ = unsafe i2d(&cursor)
    }
    return bytes
  }
}
