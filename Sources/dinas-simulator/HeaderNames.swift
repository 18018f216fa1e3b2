import DinasProtocol
import HTTPTypes

extension HTTPField.Name {
  static let contentDigest = known(DinasAPI.Header.contentDigest)
  static let pageDigest = known(DinasAPI.Header.pageDigest)
  static let idempotencyKey = known(DinasAPI.Header.idempotencyKey)

  /// The names are constants of ours and valid tokens.
  private static func known(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else {
      preconditionFailure("not a header name: \(name)")
    }
    return field
  }
}
