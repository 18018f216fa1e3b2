internal import Glibc
internal import SignedDocuments

/// What the command line asks for.
///
///     anjungan-verify --trust DIR | --named [--crl DIR] [--root FILE]… [--issuer FILE]…
///                     [--policy TEXT]… [--at SECONDS] [--fd N]
///                     [--judge-list | --show-trust]
///     anjungan-verify --exec-limits PROGRAM ARGUMENT…
struct Options {
  struct Problem: Error { let text: String }
  enum Task {
    case verify
    /// The input is a revocation list that may come into the trust folder.
    case judgeList
    /// No input: what the trust bundle holds.
    case showTrust
  }
  /// Seconds since 1970 up to the end of 9999, the last time that a certificate can name.
  static let times: ClosedRange<Int64> = 1...253_402_300_799

  /// Nil with `--named`: only the files that are named count, also when there are none.
  var trust: String?
  var lists: String?
  var roots: [String] = []
  var issuers: [String] = []
  /// Each as in a policy file; after that of the trust folder.
  var policy: [String] = []
  /// Seconds since 1970; nil for the clock of the machine.
  var time: Int64?
  var descriptor: Int32 = 0
  var task = Task.verify
  /// A program to run in confinement instead of verifying.
  var program: [String] = []

  init(_ arguments: [String]) throws {
    var isNamed = false
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--exec-limits" {
        guard !rest.isEmpty else { throw Problem(text: "--exec-limits needs a program") }
        program = Array(rest)
        return
      }
      if option == "--judge-list" || option == "--show-trust" {
        task = option == "--judge-list" ? .judgeList : .showTrust
        continue
      }
      if option == "--named" {
        isNamed = true
        continue
      }
      guard let value = rest.popFirst() else { throw Problem(text: "\(option) needs a value") }
      switch option {
      case "--trust": trust = value
      case "--crl": lists = value
      case "--root": roots.append(value)
      case "--issuer": issuers.append(value)
      case "--policy": policy.append(value)
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
    guard isNamed || trust != nil || !roots.isEmpty else {
      throw Problem(text: "--trust or --named is missing")
    }
  }
}
