internal import COpenSSL

/// The file under examination: borrowed memory that outlives the verification, every access
/// checked. Whoever makes one promises that the memory stays and does not change.
@safe
struct DocumentBytes {
  private let memory: UnsafeRawBufferPointer

  init(_ memory: UnsafeRawBufferPointer) { unsafe self.memory = memory }

  var count: Int { unsafe memory.count }

  subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe memory[index]
  }

  func copy(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe [UInt8](memory[range])
  }

  func prefix(_ length: Int) -> DocumentBytes {
    precondition(length >= 0 && length <= count)
    return unsafe DocumentBytes(UnsafeRawBufferPointer(rebasing: memory[..<length]))
  }

  func hasBytes(_ pattern: StaticString, at index: Int) -> Bool {
    guard index >= 0, index + pattern.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<pattern.utf8CodeUnitCount
    where unsafe memory[index + offset] != pattern.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Where `pattern` starts first within `range`, whole.
  func firstIndex(of pattern: StaticString, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    guard let base = unsafe memory.baseAddress, !range.isEmpty else { return nil }
    let start = unsafe base + range.lowerBound
    guard
      let found = unsafe openssl_find(
        start, range.count, pattern.utf8Start, pattern.utf8CodeUnitCount)
    else { return nil }
    return unsafe found - base
  }

  func withUnsafeMemory<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try unsafe body(memory)
  }

  func digest(_ algorithm: DigestAlgorithm) throws -> [UInt8] {
    try digest(algorithm, [0..<count])
  }

  func digest(_ algorithm: DigestAlgorithm, _ ranges: [Range<Int>]) throws -> [UInt8] {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestInit_ex(context, algorithm.method, nil) == 1 else {
      throw Finding.refuse("internal")
    }
    for range in ranges {
      let part = unsafe UnsafeRawBufferPointer(rebasing: memory[range])
      guard unsafe EVP_DigestUpdate(context, part.baseAddress, part.count) == 1 else {
        throw Finding.refuse("internal")
      }
    }
    var output = [UInt8](repeating: 0, count: 64)
    var length: UInt32 = 0
    guard unsafe EVP_DigestFinal_ex(context, &output, &length) == 1 else {
      throw Finding.refuse("internal")
    }
    return Array(output.prefix(Int(length)))
  }
}

/// The digests that may carry a signature.
enum DigestAlgorithm {
  case sha256, sha384, sha512

  init?(nid: Int32) {
    switch nid {
    case NID_sha256: self = .sha256
    case NID_sha384: self = .sha384
    case NID_sha512: self = .sha512
    default: return nil
    }
  }

  var nid: Int32 {
    switch self {
    case .sha256: NID_sha256
    case .sha384: NID_sha384
    case .sha512: NID_sha512
    }
  }

  var byteCount: Int {
    switch self {
    case .sha256: 32
    case .sha384: 48
    case .sha512: 64
    }
  }

  // Fetched once: EVP_sha256() and its like are looked up anew at every use. They last as long as
  // the process.
  private static nonisolated(unsafe) let sha256Method = unsafe EVP_MD_fetch(nil, "SHA256", nil)
  private static nonisolated(unsafe) let sha384Method = unsafe EVP_MD_fetch(nil, "SHA384", nil)
  private static nonisolated(unsafe) let sha512Method = unsafe EVP_MD_fetch(nil, "SHA512", nil)

  fileprivate var method: OpaquePointer? {
    switch self {
    case .sha256: unsafe Self.sha256Method
    case .sha384: unsafe Self.sha384Method
    case .sha512: unsafe Self.sha512Method
    }
  }

  func digest(_ bytes: [UInt8]) throws -> [UInt8] {
    try unsafe bytes.withUnsafeBytes {
      try unsafe DocumentBytes($0).digest(self)
    }
  }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
