/// Something about the trust folder that staff should know, for `doctor`, `trust show` and health.
public struct TrustRemark: Sendable, Hashable {
  public enum Weight: Sendable, Hashable {
    /// Soon to be looked at; everything works.
    case warning
    /// Documents are refused because of it, or soon are.
    case error
  }

  public let weight: Weight
  /// A stable word such as `revocation-list.old`.
  public let code: String
  public let text: String
  public let advice: String
}

extension TrustReport {
  /// Days after which an issuer's list should have been replaced: they come out daily.
  public static let listWarningDays = 7
  static let day: Int64 = 86_400

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - isDemonstration: its lists are never renewed, so their age says nothing.
  public func remarks(now: Int64, isDemonstration: Bool) -> [TrustRemark] {
    var remarks = faults.map {
      TrustRemark(
        weight: .error, code: "trust.unusable", text: $0,
        advice: "No document is printed until it is put right.")
    }
    remarks += unreadableLists.map {
      TrustRemark(
        weight: .error, code: "revocation-list.unreadable", text: $0,
        advice: "It is left out. Bring it again with anjungan trust add-crl.")
    }
    for list in lists where list.key == nil || !list.isPlain {
      remarks.append(
        TrustRemark(
          weight: .warning, code: "revocation-list.useless",
          text: list.key == nil
            ? "\(list.file) is not signed by a root or issuer of ours"
            : "\(list.file) is a partial list or has a critical extension",
          advice: "It never counts: take it out."))
    }
    // An authority that has ended issues no lists any more.
    for authority in authorities where authority.notAfter >= now {
      if let remark = remark(on: authority, now: now, ignoringAge: isDemonstration) {
        remarks.append(remark)
      }
    }
    return remarks
  }

  private func remark(
    on authority: Authority, now: Int64, ignoringAge: Bool
  ) -> TrustRemark? {
    let advice = "Bring a newer one with anjungan trust add-crl."
    guard let list = newestList(of: authority) else {
      return TrustRemark(
        weight: .warning, code: "revocation-list.missing",
        text: "no revocation list of \(authority.name)",
        advice: "Documents without revocation data of their own are not printed.")
    }
    if ignoringAge { return nil }
    let days = (now - list.thisUpdate) / Self.day
    let isCurrent = list.nextUpdate.map { now <= $0 } ?? false
    if !isCurrent && days >= Int64(listAgeDaysLimit) {
      return TrustRemark(
        weight: .error, code: "revocation-list.too-old",
        text: "the revocation list of \(authority.name) is \(days) days old and not believed",
        advice: advice)
    }
    // A mere root revokes seldom and says itself when its next list comes.
    let isIssuer = issuers.contains { $0.key == authority.key }
    if days >= Int64(Self.listWarningDays), isIssuer || !isCurrent {
      return TrustRemark(
        weight: .warning, code: "revocation-list.old",
        text: "the revocation list of \(authority.name) is \(days) days old", advice: advice)
    }
    return nil
  }
}
