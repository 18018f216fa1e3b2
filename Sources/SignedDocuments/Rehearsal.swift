extension DocumentVerification {
  /// Goes once through what every document needs, for a process that waits for one: the libraries
  /// find their algorithms and their code comes into memory, keys get ready, and the kiosk's own
  /// lists know which of its authorities signed them. Decides nothing.
  public static func rehearse(with trust: TrustStore) {
    let chains = ChainRules(trust: trust, carried: [])
    for authority in chains.known {
      for list in trust.lists { _ = list.isSigned(by: authority) }
      _ = try? chains.path(from: authority, at: authority.notBefore)
    }
    _ = DocumentVerification(trust: TrustStore(), policy: Policy(), now: 1).verify(page())
  }

  /// A document of one page that nobody signed.
  private static func page() -> [UInt8] {
    let objects = [
      "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]/Contents 4 0 R/Resources<<>>>>",
      "<</Length 3>>stream\nq Q\nendstream",
    ]
    var text = "%PDF-1.4\n"
    var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for (index, object) in objects.enumerated() {
      let place = String(text.utf8.count)
      table += String(repeating: "0", count: 10 - place.utf8.count) + place + " 00000 n \n"
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = text.utf8.count
    text += table + "trailer\n<</Size \(objects.count + 1)/Root 1 0 R>>\n"
    return Array((text + "startxref\n\(start)\n%%EOF\n").utf8)
  }
}
