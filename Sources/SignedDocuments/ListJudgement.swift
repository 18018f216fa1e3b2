/// Whether a revocation list may come into the trust folder, and what it is.
public struct ListJudgement: Sendable, Equatable {
  public enum Outcome: String, Sendable {
    /// It replaces what is held of the same issuer key.
    case accepted
    /// The very same list is held already.
    case held
    case refused
  }

  public let outcome: Outcome
  /// `ok`, or the code of the rule that it broke.
  public let reason: String
  /// Nil when it could not be read.
  public let facts: RevocationListFacts?
}

extension TrustStore {
  /// Judges a list (one, DER or PEM) that was brought, by whatever way: only an issuer of ours, a
  /// right signature and a newer number make it believable.
  /// - Parameter now: seconds since 1970.
  public func judge(list bytes: [UInt8], now: Int64) -> ListJudgement {
    guard let list = RevocationList.read(bytes), Self.isOnly(list, in: bytes) else {
      return ListJudgement(outcome: .refused, reason: "list_unreadable", facts: nil)
    }
    let facts = facts(of: list)
    func refused(_ reason: String) -> ListJudgement {
      ListJudgement(outcome: .refused, reason: reason, facts: facts)
    }
    guard (roots + issuers).contains(where: { list.names($0) }) else {
      return refused("list_issuer_unknown")
    }
    guard list.isSignedWithStrongDigest else { return refused("list_weak_digest") }
    guard let author = author(of: list) else { return refused("list_bad_signature") }
    guard list.isPlain else { return refused("list_not_plain") }
    guard let number = facts.number else { return refused("list_without_number") }
    // A list from the future would make every clock look wrong, and stay for years.
    guard list.thisUpdate <= now else { return refused("list_in_future") }
    for held in lists where held.isSigned(by: author) {
      if held.der == list.der { return ListJudgement(outcome: .held, reason: "ok", facts: facts) }
      guard let heldNumber = held.number else {
        // Put there by hand and without a number: time decides.
        guard list.thisUpdate > held.thisUpdate else { return refused("list_older") }
        continue
      }
      if number == heldNumber { return refused("list_number_reused") }
      guard Self.isLess(heldNumber, number) else { return refused("list_older") }
    }
    return ListJudgement(outcome: .accepted, reason: "ok", facts: facts)
  }

  /// Numbers in decimal without leading zeros.
  private static func isLess(_ a: String, _ b: String) -> Bool {
    (a.utf8.count, a) < (b.utf8.count, b)
  }

  /// The reader takes the first list of a file; what follows it would come along unread.
  private static func isOnly(_ list: RevocationList, in bytes: [UInt8]) -> Bool {
    if bytes == list.der { return true }
    let mark = Array("-----BEGIN ".utf8)
    guard bytes.first != 0x30, let first = bytes.firstRange(of: mark) else { return false }
    return bytes[first.upperBound...].firstRange(of: mark) == nil
  }
}
