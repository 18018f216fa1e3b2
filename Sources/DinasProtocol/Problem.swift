/// An error answer as RFC 9457 has it. `code` is the stable part, `detail` is for people; neither
/// repeats what was sent.
public struct Problem: WireBody, Hashable {
  public enum Code: String, Codable, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case unauthorized
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    /// The same idempotency key came with another body, or the number is taken.
    case conflict
    /// The cursor is unknown here: start over without one.
    case cursorExpired = "cursor-expired"
    case tooLarge = "too-large"
    case unsupportedMediaType = "unsupported-media-type"
    /// Well-formed, but breaks a rule; `detail` names field and rule.
    case invalid
    case tooManyRequests = "too-many-requests"
    case unavailable

    public var status: Int {
      switch self {
      case .badRequest: 400
      case .unauthorized: 401
      case .notFound: 404
      case .methodNotAllowed: 405
      case .conflict: 409
      case .cursorExpired: 410
      case .tooLarge: 413
      case .unsupportedMediaType: 415
      case .invalid: 422
      case .tooManyRequests: 429
      case .unavailable: 503
      }
    }
  }

  /// `about:blank`: the title is the meaning of the status, `code` says the rest.
  public var type: String
  public var title: String
  public var status: Int
  public var code: Code
  public var detail: String

  public init(_ code: Code, title: String, detail: String) {
    type = "about:blank"
    self.title = title
    status = code.status
    self.code = code
    self.detail = detail
  }

  public func check() throws(WireProblem) {
    guard status == code.status else { throw WireProblem("status", "that of the code") }
    try Check.text(detail, "detail", limit: DinasAPI.Limit.noteCharacters)
  }
}
