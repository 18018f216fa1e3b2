/// A call of libcups or an answer of the printer that is not a success. No personal data: job
/// names carry none, and documents are not quoted.
struct IPPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The IPP operation, or the call where there was none yet.
  var call: String
  /// As IPP or HTTP names it, e.g. `server-error-busy`.
  var status: String
  var code: Int32
  var source: Source

  /// Who failed. An answer that cannot be read is no proof that the printer is broken or absent.
  enum Source: Sendable {
    /// The printer refused, by IPP.
    case printer
    /// Something answers, but not with IPP.
    case unreadable
    /// Nobody answers.
    case unreachable
  }

  var description: String { "\(call): \(status)" }

  static let notAccepting = IPPError(
    call: "Get-Printer-Attributes", status: "not accepting jobs", code: 0x0506, source: .printer)

  /// The call that finds no CUPS server.
  static let connectCall = "httpConnect2"

  var isNotFound: Bool { source == .printer && (code == 0x0406 || code == 0x0407) }
  var isNotAccepting: Bool { source == .printer && code == 0x0506 }
  var isBusy: Bool { source == .printer && code == 0x0507 }
}
