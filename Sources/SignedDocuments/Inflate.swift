internal import COpenSSL

/// Decompression with an end to it.
enum Inflate {
  /// The decoded length of zlib data, and the data itself when it is wanted; nil when it would be
  /// longer than `limit`. Data that breaks off or is damaged counts as far as it goes, as every
  /// reader treats it.
  static func decode(_ bytes: [UInt8], limit: Int, keep: Bool) -> (count: Int, data: [UInt8])? {
    var stream = unsafe z_stream()
    guard unsafe inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var output: [UInt8] = []
    var total = 0
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var input = bytes
    let inputCount = input.count
    let exceeded = unsafe input.withUnsafeMutableBufferPointer { source -> Bool in
      unsafe chunk.withUnsafeMutableBufferPointer { target -> Bool in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(inputCount)
        while true {
          unsafe stream.next_out = target.baseAddress
          unsafe stream.avail_out = UInt32(target.count)
          let status = unsafe inflate(&stream, Z_NO_FLUSH)
          let made = unsafe target.count - Int(stream.avail_out)
          total += made
          if total > limit { return true }
          if keep { unsafe output.append(contentsOf: target[..<made]) }
          if unsafe status != Z_OK || (made == 0 && stream.avail_in == 0) { return false }
        }
      }
    }
    return exceeded ? nil : (total, output)
  }
}

extension PDFRevision {
  /// Readers take the short names of inline images for any stream.
  private static let longNames: [PDFName: PDFName] = [
    "Fl": "FlateDecode", "LZW": "LZWDecode", "RL": "RunLengthDecode", "A85": "ASCII85Decode",
    "AHx": "ASCIIHexDecode", "CCF": "CCITTFaxDecode", "DCT": "DCTDecode",
  ]

  /// The filters of a stream by their long names, in order.
  func filters(_ dictionary: PDFDictionary) throws -> [PDFName] {
    let value = resolve(dictionary["Filter"])
    var names: [PDFName] = []
    for item in value.asArray ?? (value == .null ? [] : [value]) {
      guard let name = resolve(item).asName else { throw Finding.refuse("unsupported_filter") }
      names.append(Self.longNames[name] ?? name)
    }
    return names
  }

  /// Decoded bytes of an unfiltered or deflated stream without predictor; nil for anything else,
  /// and for what is longer than `limit`.
  func decodedStream(_ id: ObjectID, limit: Int) throws -> [UInt8]? {
    guard let dictionary = objects[id]?.value.asDictionary, let raw = try rawStream(id) else {
      return nil
    }
    switch try filters(dictionary) {
    case []: return raw.count <= limit ? raw : nil
    case ["FlateDecode"] where dictionary["DecodeParms"] == nil:
      return Inflate.decode(raw, limit: limit, keep: true)?.data
    default: return nil
    }
  }
}
