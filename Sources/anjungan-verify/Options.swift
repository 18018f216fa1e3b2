internal import Glibc
internal import SignedDocuments

/// What the command line asks for.
///
///     anjungan-verify --trust DIR [--crl DIR] [--root FILE]… [--issuer FILE]…
///                     [--policy KEY=VALUE]… [--at SECONDS] [--fd N]
///     anjungan-verify --exec-limits PROGRAM ARGUMENT…
struct Options {
  struct Problem: Error { let text: String }
  /// Seconds since 1970 up to the end of 9999, the last time that a certificate can name.
  static let times: ClosedRange<Int64> = 1...253_402_300_799

  var trust: String?
  var lists: String?
  var roots: [String] = []
  var issuers: [String] = []
  var policy: [(key: String, value: String)] = []
  /// Seconds since 1970; nil for the clock of the machine.
  var time: Int64?
  var descriptor: Int32 = 0
  /// A program to run in confinement instead of verifying.
  var program: [String] = []

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--exec-limits" {
        guard !rest.isEmpty else { throw Problem(text: "--exec-limits needs a program") }
        program = Array(rest)
        return
      }
      guard let value = rest.popFirst() else { throw Problem(text: "\(option) needs a value") }
      switch option {
      case "--trust": trust = value
      case "--crl": lists = value
      case "--root": roots.append(value)
      case "--issuer": issuers.append(value)
      case "--policy":
        policy += try Self.policyLines(Array(value.utf8))
      case "--at":
        guard let seconds = Int64(value), Self.times.contains(seconds) else {
          throw Problem(text: "--at needs seconds since 1970, before the year 10000")
        }
        time = seconds
      case "--fd":
        guard let number = Int32(value), number >= 0 else {
          throw Problem(text: "--fd needs a number")
        }
        descriptor = number
      default: throw Problem(text: "unknown option \(option)")
      }
    }
    guard trust != nil || !roots.isEmpty else { throw Problem(text: "--trust is missing") }
  }

  /// Reads `key = value` lines of a policy file; `#` starts a comment.
  static func policyLines(_ bytes: [UInt8]) throws -> [(key: String, value: String)] {
    var found: [(key: String, value: String)] = []
    for line in bytes.split(separator: 10, omittingEmptySubsequences: true) {
      let text = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
      if text.isEmpty { continue }
      guard let split = text.firstIndex(of: UInt8(ascii: "=")) else {
        throw Problem(text: "policy: a line without '='")
      }
      found.append(
        (
          String(decoding: trimmed(text[..<split]), as: UTF8.self),
          String(decoding: trimmed(text[(split + 1)...]), as: UTF8.self)
        ))
    }
    return found
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
    var rest = bytes.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
    return rest
  }
}
