internal import OfficeModel

/// Reads the helper's answer. The helper has read hostile bytes, so its answer is checked like
/// anything from outside: shape, sizes, and that a `valid` is complete.
enum HelperAnswer {
  static let bytesLimit = 64 << 10

  static func report(from bytes: [UInt8], documentBytes: Int?) -> VerificationReport? {
    guard bytes.count <= bytesLimit, let value = JSONValue(parsing: bytes),
      case .object(let object) = value, let word = object["verdict"]?.text,
      let verdict = SignatureVerdict(rawValue: word), let reason = object["reason"]?.text,
      isCode(reason), case .array(let list)? = object["signers"], list.count <= 64,
      let printBytes = object["print_bytes"]?.integer, printBytes >= 0,
      let hash = object["print_sha256"]?.text, let pages = object["page_count"]?.integer,
      pages >= 0
    else { return nil }
    var signers: [VerificationReport.Signer] = []
    for item in list {
      guard let signer = signer(item) else { return nil }
      signers.append(signer)
    }
    if verdict == .valid {
      guard reason == "ok", !signers.isEmpty, printBytes > 0, pages > 0, isSHA256(hash) else {
        return nil
      }
      if let documentBytes, printBytes > documentBytes { return nil }
      return VerificationReport(
        verdict: verdict, reason: reason, signers: signers, printBytes: Int(printBytes),
        printSHA256: hash, pageCount: Int(pages))
    }
    guard reason != "ok" else { return nil }
    return VerificationReport(verdict: verdict, reason: reason)
  }

  private static func signer(_ value: JSONValue) -> VerificationReport.Signer? {
    guard case .object(let object) = value, let name = object["commonName"]?.text,
      let serial = object["serial"]?.text, let level = object["level"]?.text,
      let organization = optional(object["organization"]),
      let unit = optional(object["organizationalUnit"]), let title = optional(object["title"])
    else { return nil }
    var time: Int64?
    switch object["provenTime"] {
    case .null?, nil: break
    case let value?:
      guard let seconds = value.integer, PointInTime.range.contains(seconds) else { return nil }
      time = seconds
    }
    // Names come from certificates: a line break or a change of direction in one could make the
    // glass say something else about it.
    return VerificationReport.Signer(
      commonName: VerifyCommandRunner.printable(name),
      organization: organization.map(VerifyCommandRunner.printable),
      organizationalUnit: unit.map(VerifyCommandRunner.printable),
      title: title.map(VerifyCommandRunner.printable), serial: serial, provenTime: time,
      level: level)
  }

  /// Outer nil: neither text nor absent.
  private static func optional(_ value: JSONValue?) -> String?? {
    switch value {
    case nil, .null?: .some(nil)
    case let value?: value.text.map { .some($0) }
    }
  }

  static func isCode(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f || isDigit($0) }
  }

  /// In hexadecimal, small letters.
  static func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { isHexDigit($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte)
  }
}
