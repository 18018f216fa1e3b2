internal import Crypto

/// SHA-256 in lower-case hexadecimal.
public func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
  let digits = Array("0123456789abcdef")
  var text = ""
  for byte in unsafe SHA256.hash(data: bytes) {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return text
}
