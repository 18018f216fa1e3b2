internal import Crypto

/// The certificates of `kiosk-config/trust/demonstration`, by content. Their keys were thrown away,
/// which nobody can prove: a kiosk that believes them outside a demonstration prints what anybody
/// may have signed, whatever the folder is called in which they lie.
enum DemonstrationTrust {
  /// SHA-256 of each certificate's DER, hexadecimal: the fingerprint that `openssl x509` shows.
  static let fingerprints: Set<String> = [
    // roots/root-contoh-demonstrasi.pem
    "0aeba5a6991f2c722416cdb5e31c206ec266896e280475127976d63b538536f8",
    // issuers/ca-penerbit-contoh-demonstrasi.pem
    "f3557699406c01a726e280592407378e8306c8ccd92de0d750e54987a5a56d60",
  ]

  static func fingerprint(_ certificate: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    var text = ""
    for byte in SHA256.hash(data: certificate) {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  static func holds(_ certificate: [UInt8]) -> Bool {
    fingerprints.contains(fingerprint(certificate))
  }
}
