internal import FoundationEssentials

/// Takes the certificates out of a file, PEM or DER, as DER: line ends and words around them do not
/// change what a certificate is. Says nothing about whether they are any good.
enum CertificateFile {
  static func certificates(in bytes: [UInt8]) -> [[UInt8]] {
    let found = fromPEM(bytes)
    if !found.isEmpty { return found }
    return element(bytes).map { [$0] } ?? []
  }

  private static func fromPEM(_ bytes: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var body: [UInt8]?
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("-----BEGIN ") {
        body = text.contains("CERTIFICATE-----") ? [] : nil
      } else if text.hasPrefix("-----END ") {
        if let text = body,
          let data = Data(base64Encoded: Data(text), options: .ignoreUnknownCharacters),
          let certificate = element([UInt8](data))
        {
          found.append(certificate)
        }
        body = nil
      } else {
        body?.append(contentsOf: line)
      }
    }
    return found
  }

  /// The DER sequence that the bytes begin with: a trusted certificate of OpenSSL's has more after
  /// it. Nil where there is none.
  private static func element(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count > 2, bytes[0] == 0x30 else { return nil }
    var length = Int(bytes[1])
    var start = 2
    if length >= 0x80 {
      let count = length & 0x7F
      // Three bytes of length reach beyond every file that is read.
      guard (1...3).contains(count), bytes.count > 2 + count else { return nil }
      length = bytes[2..<(2 + count)].reduce(0) { $0 << 8 | Int($1) }
      start += count
    }
    guard length > 0, start + length <= bytes.count else { return nil }
    return Array(bytes[..<(start + length)])
  }
}
