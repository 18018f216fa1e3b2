internal import Glibc
internal import OfficeModel
internal import VerifierClient

/// What `anjungan trust` says, for a person.
enum TrustText {
  static func lines(_ report: TrustReport, now: Int64, isDemonstration: Bool) -> [String] {
    var lines: [String] = []
    for (title, part) in [("Roots", report.roots), ("Issuers", report.issuers)] {
      lines.append(part.isEmpty ? "\(title): none" : "\(title):")
      for authority in part { lines += Self.lines(authority, now: now) }
    }
    lines.append(report.lists.isEmpty ? "Revocation lists: none" : "Revocation lists:")
    for list in report.lists { lines += Self.lines(list, now: now) }
    let remarks = report.remarks(now: now, isDemonstration: isDemonstration)
    lines.append(remarks.isEmpty ? "Nothing is missing, and nothing is too old." : "To look at:")
    for remark in remarks {
      lines.append("  \(remark.weight == .error ? "[down]" : "[look]") \(remark.text)")
      lines.append("         \(remark.advice)")
    }
    return lines.map(VerifyCommandRunner.printable)
  }

  static func line(_ outcome: RevocationListImport.Outcome) -> String {
    let text =
      switch outcome {
      case .installed(let list, let path): "taken as \(path): \(summary(list))"
      case .held(let list): "already there: \(summary(list))"
      case .refused(let reason, let list):
        "refused (\(reason)) \(ReasonMeaning.of(reason)?.english ?? "")"
          + (list.map { " It says: \(summary($0))" } ?? "")
      case .notWritten("flock", EWOULDBLOCK):
        "not taken: another program keeps the folder of the lists to itself; try again"
      case .notWritten(let call, let code): "cannot be written (\(call): errno \(code))"
      }
    return VerifyCommandRunner.printable(text)
  }

  private static func lines(_ authority: TrustReport.Authority, now: Int64) -> [String] {
    let state =
      authority.notAfter < now ? " (expired)" : authority.notBefore > now ? " (not yet)" : ""
    return [
      "  \(authority.name)",
      "    valid \(day(authority.notBefore)) to \(day(authority.notAfter))\(state)",
      "    SHA-256 \(fingerprint(authority.sha256))", "    \(authority.file)",
    ]
  }

  private static func lines(_ list: TrustReport.List, now: Int64) -> [String] {
    let days = (now - list.thisUpdate) / 86_400
    return [
      "  \(summary(list)), \(days == 1 ? "1 day" : "\(days) days") ago",
      "    SHA-256 \(fingerprint(list.sha256))", "    \(list.file)",
    ]
  }

  private static func summary(_ list: TrustReport.List) -> String {
    let next = list.nextUpdate.map { ", next by \(day($0))" } ?? ""
    return "\(list.issuer), number \(list.number ?? "none"), issued \(day(list.thisUpdate))\(next)"
  }

  private static func day(_ seconds: Int64) -> String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    return CivilDate(daysSinceEpoch: Int(days)).description
  }

  /// As certificate viewers show it.
  private static func fingerprint(_ hexadecimal: String) -> String {
    var pairs: [Substring] = []
    var rest = hexadecimal.uppercased()[...]
    while !rest.isEmpty {
      pairs.append(rest.prefix(2))
      rest = rest.dropFirst(2)
    }
    return pairs.joined(separator: ":")
  }
}
