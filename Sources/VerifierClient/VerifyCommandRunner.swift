public import OfficeModel

/// What `anjungan verify FILE…` does, without the printing: every file judged in turn, a line for
/// each, and the exit code.
public struct VerifyCommandRunner: Sendable {
  public struct Outcome: Sendable, Equatable {
    public var path: String
    /// Nil when the file cannot be read.
    public var report: VerificationReport?
  }

  private let verifier: DocumentVerifier

  public init(helper: String, settings: DocumentVerifier.Settings) {
    verifier = DocumentVerifier(helper: helper, settings: settings)
  }

  /// Blocks until all are judged; `each` is called as soon as one is.
  public func run(paths: [String], each: (Outcome) -> Void) -> [Outcome] {
    paths.map { path in
      let outcome = Outcome(path: path, report: verifier.verifyBlocking(path: path))
      each(outcome)
      return outcome
    }
  }

  /// 0 when all are valid, 1 when one is not, 2 when a file, the trust bundle or the helper could
  /// not be used (or there is nothing to judge).
  public static func exitCode(_ outcomes: [Outcome]) -> Int32 {
    let unusable: Set<String> = ["trust_unusable", "helper_unavailable"]
    if outcomes.isEmpty { return 2 }
    if outcomes.contains(where: { $0.report.map { unusable.contains($0.reason) } ?? true }) {
      return 2
    }
    return outcomes.allSatisfy { $0.report?.verdict == .valid } ? 0 : 1
  }

  /// One line for a person: verdict, code and what the code means.
  public static func text(_ outcome: Outcome, inIndonesian: Bool = false) -> String {
    let path = printable(outcome.path)
    guard let report = outcome.report else { return "\(path): unreadable" }
    guard report.verdict == .valid else {
      let meaning = ReasonMeaning.of(report.reason)
      let sentence = (inIndonesian ? meaning?.indonesian : meaning?.english) ?? ""
      return "\(path): \(report.verdict.rawValue) (\(report.reason)) \(sentence)"
    }
    let signers = report.signers.map { signer in
      [signer.commonName, signer.organization].compactMap { $0 }.map { printable($0) }
        .joined(separator: ", ") + " [\(printable(signer.level))]"
    }
    return "\(path): valid, \(report.printBytes) bytes, signed by "
      + signers.joined(separator: "; ")
  }

  /// One JSON object on one line.
  public static func json(_ outcome: Outcome) -> String {
    let report = outcome.report
    var fields = [
      "\"file\":" + JSONText.string(outcome.path),
      "\"verdict\":" + JSONText.string(report?.verdict.rawValue ?? "unreadable"),
      "\"reason\":" + JSONText.string(report?.reason ?? "unreadable"),
    ]
    let signers = (report?.signers ?? []).map { signer in
      "{"
        + [
          "\"commonName\":" + JSONText.string(signer.commonName),
          "\"organization\":" + JSONText.optional(signer.organization),
          "\"organizationalUnit\":" + JSONText.optional(signer.organizationalUnit),
          "\"title\":" + JSONText.optional(signer.title),
          "\"serial\":" + JSONText.string(signer.serial),
          "\"provenTime\":" + (signer.provenTime.map { String($0) } ?? "null"),
          "\"level\":" + JSONText.string(signer.level),
        ].joined(separator: ",") + "}"
    }
    fields.append("\"signers\":[" + signers.joined(separator: ",") + "]")
    fields.append("\"print_bytes\":\(report?.printBytes ?? 0)")
    fields.append("\"print_sha256\":" + JSONText.string(report?.printSHA256 ?? ""))
    fields.append("\"page_count\":\(report?.pageCount ?? 0)")
    return "{" + fields.joined(separator: ",") + "}"
  }

  /// Names come from certificates: control characters must not drive the terminal.
  public static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let hidden =
        scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
        || scalar.value == 0x2028 || scalar.value == 0x2029
      result.unicodeScalars.append(hidden ? "\u{fffd}" : scalar)
    }
    return result
  }
}

/// Strings as JSON.
enum JSONText {
  static func optional(_ text: String?) -> String { text.map { string($0) } ?? "null" }

  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5c: result += "\\\\"
      case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
