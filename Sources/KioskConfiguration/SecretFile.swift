internal import Glibc

/// Reads a key from the file that the configuration names: 64 hexadecimal digits, readable by its
/// owner alone. The key itself never appears in an error.
public enum SecretFile {
  public static let keyBytes = 32

  public static func key(at path: String) throws(SecretFileProblem) -> [UInt8] {
    let digits = Array(try text(at: path).utf8)
    guard digits.count == keyBytes * 2 else {
      throw SecretFileProblem(
        "The key file \(path) does not hold 64 hexadecimal digits",
        advice: "Make one with: openssl rand -hex 32")
    }
    var key: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else {
        throw SecretFileProblem(
          "The key file \(path) does not hold 64 hexadecimal digits",
          advice: "Make one with: openssl rand -hex 32")
      }
      key.append(high << 4 | low)
    }
    return key
  }

  /// The trimmed text of a small secret file, e.g. a token.
  public static func text(at path: String) throws(SecretFileProblem) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw SecretFileProblem(
        "The secret file \(path) cannot be read (\(String(cString: strerror(errno))))",
        advice: "See the section on secrets in the README.")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SecretFileProblem(
        "\(path) is not a regular file", advice: "Name a file that holds the secret.")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw SecretFileProblem(
        "The secret file \(path) can be read by others", advice: "Run: chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: 4097)
    let count = read(file, &bytes, bytes.count)
    guard count > 0, count <= 4096 else {
      throw SecretFileProblem(
        "The secret file \(path) is empty or longer than 4096 bytes",
        advice: "It should hold one line.")
    }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Why a secret file cannot be used, and what to do. Never carries the secret.
public struct SecretFileProblem: Error, Sendable, CustomStringConvertible {
  public let what: String
  public let advice: String

  init(_ what: String, advice: String) {
    self.what = what
    self.advice = advice
  }

  public var description: String { "\(what). \(advice)" }
}
