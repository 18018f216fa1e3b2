internal import Glibc

/// Reads a key from the file that the configuration names: 64 hexadecimal digits, readable by its
/// owner alone. The key itself never appears in an error.
public enum SecretFile {
  public static let keyBytes = 32

  public static func key(at path: String) throws(SecretFileProblem) -> [UInt8] {
    try bytes(
      keyBytes, at: path, advice: "Make one with: openssl rand -hex 32",
      indonesian: "Buat dengan: openssl rand -hex 32")
  }

  /// So many bytes, written as hexadecimal digits.
  public static func bytes(
    _ count: Int, at path: String, advice: String, indonesian: String
  ) throws(SecretFileProblem) -> [UInt8] {
    let digits = Array(try text(at: path).utf8)
    let problem = SecretFileProblem(
      "The key file \(path) does not hold \(count * 2) hexadecimal digits", advice: advice,
      indonesian: indonesian)
    guard digits.count == count * 2 else { throw problem }
    var key: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else {
        throw problem
      }
      key.append(high << 4 | low)
    }
    return key
  }

  /// Whether a file is there, readable or not.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return (try? file(of: path)).map { lstat($0, &status) == 0 } ?? false
  }

  /// The file that is meant: systemd's for `credential:NAME`, else the path itself.
  public static func file(of path: String) throws(SecretFileProblem) -> String {
    guard let name = credentialName(path) else { return path }
    guard let folder = getenv("CREDENTIALS_DIRECTORY") else {
      throw SecretFileProblem(
        "The credential \(name) is not there: systemd handed none over",
        advice: "Give the unit a LoadCredential= or LoadCredentialEncrypted= for it.",
        indonesian: "Beri unit LoadCredential= atau LoadCredentialEncrypted= untuknya.")
    }
    return String(cString: folder) + "/" + name
  }

  /// Whether systemd hands it over.
  public static func isCredential(_ path: String) -> Bool { credentialName(path) != nil }

  static func credentialName(_ path: String) -> String? {
    let mark = "credential:"
    return path.hasPrefix(mark) ? String(path.dropFirst(mark.count)) : nil
  }

  /// The trimmed text of a small secret file, e.g. a token.
  public static func text(at configured: String) throws(SecretFileProblem) -> String {
    let path = try file(of: configured)
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw SecretFileProblem(
        "The secret file \(path) cannot be read (\(String(cString: strerror(errno))))",
        advice: "See the section on secrets in the README.",
        indonesian: "Lihat bagian tentang berkas rahasia di README.")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SecretFileProblem(
        "\(path) is not a regular file", advice: "Name a file that holds the secret.",
        indonesian: "Sebutkan berkas yang berisi rahasia itu.")
    }
    // systemd keeps a credential as root's and lets the service's user in by an access list, whose
    // mask shows as the group's right to read.
    let foreign: mode_t = credentialName(configured) == nil ? 0o077 : 0o037
    guard status.st_mode & foreign == 0 else {
      throw SecretFileProblem(
        "The secret file \(path) can be read by others", advice: "Run: chmod 600 \(path)",
        indonesian: "Jalankan: chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: 4097)
    let count = read(file, &bytes, bytes.count)
    guard count > 0, count <= 4096 else {
      throw SecretFileProblem(
        "The secret file \(path) is empty or longer than 4096 bytes",
        advice: "It should hold one line.",
        indonesian: "Isinya satu baris.")
    }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Makes a key where there is none: readable by its owner alone, and on the disk when this returns.
  /// One that another made in the meantime stays.
  public static func makeKey(at path: String) throws(SecretFileProblem) {
    func failure(_ call: String) -> SecretFileProblem {
      SecretFileProblem(
        "The key file \(path) cannot be made (\(call): \(String(cString: strerror(errno))))",
        advice: "Make one with: openssl rand -hex 32 > \(path); chmod 600 \(path)",
        indonesian: "Buat dengan: openssl rand -hex 32 > \(path); chmod 600 \(path)")
    }
    guard credentialName(path) == nil else {
      throw SecretFileProblem(
        "The credential for \(path) is not there", advice: "systemd hands it over: see the unit.",
        indonesian: "systemd yang menyerahkannya: lihat unitnya.")
    }
    var generator = SystemRandomNumberGenerator()
    var digits = ""
    for _ in 0..<keyBytes {
      let byte = UInt8.random(in: .min ... .max, using: &generator)
      digits += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    digits += "\n"
    // Whole or not at all: written under another name, then given its own.
    let half = "\(path).\(getpid())"
    unlink(half)
    let file = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open") }
    defer {
      close(file)
      unlink(half)
    }
    guard write(file, digits, digits.utf8.count) == digits.utf8.count, fsync(file) == 0 else {
      throw failure("write")
    }
    guard link(half, path) == 0 || errno == EEXIST else { throw failure("link") }
    guard synchroniseFolder(of: path) else { throw failure("fsync") }
  }

  /// Makes the name of a file durable. False leaves the reason in `errno`.
  static func synchroniseFolder(of path: String) -> Bool {
    let folder = open(PathText.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
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

  /// The advice for staff who read Indonesian.
  public let indonesian: String

  init(_ what: String, advice: String, indonesian: String) {
    self.what = what
    self.advice = advice
    self.indonesian = indonesian
  }

  public var description: String { "\(what). \(advice)" }
}
