internal import SignedDocuments

/// The answer as one JSON object on one line.
enum ReportJSON {
  static func text(_ report: DocumentReport, confinement: [String]) -> String {
    var signers: [String] = []
    for signer in report.signers {
      signers.append(
        object([
          ("commonName", string(signer.commonName)),
          ("organization", optional(signer.organization)),
          ("organizationalUnit", optional(signer.organizationalUnit)),
          ("title", optional(signer.title)),
          ("serial", string(signer.serial)),
          ("provenTime", signer.provenTime.map { String($0) } ?? "null"),
          ("level", string(signer.level)),
        ]))
    }
    return object([
      ("verdict", string(report.verdict.rawValue)),
      ("reason", string(report.reason)),
      ("signers", "[" + signers.joined(separator: ",") + "]"),
      ("print_bytes", String(report.printBytes)),
      ("print_sha256", string(report.printSHA256)),
      ("page_count", String(report.pageCount)),
      ("confinement", string(confinement.joined(separator: " "))),
    ])
  }

  static func object(_ entries: [(String, String)]) -> String {
    "{" + entries.map { string($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
  }

  static func optional(_ text: String?) -> String { text.map { string($0) } ?? "null" }

  /// Control characters (also C1 and the two line separators) never leave as they are.
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
