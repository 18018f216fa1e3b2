internal import CForge

@testable internal import SignedDocuments

/// The authority of this process: what an attacker could sign who owned a trusted key. The process
/// has one thread.
enum Forge {
  nonisolated(unsafe) static let authority = certificate(FORGE_AUTHORITY)
  nonisolated(unsafe) static let person = certificate(FORGE_PERSON)
  nonisolated(unsafe) static let stamper = certificate(FORGE_STAMPER)

  private static func certificate(_ who: ForgeSigner) -> Certificate {
    guard let made = Certificate(der: bytes { forge_certificate(who, $0, $1) }) else {
      broken("the fuzzer's own certificate cannot be made")
    }
    return made
  }

  /// In every message of the stamper.
  static let stamperName = Array("Stempel Waktu Rekaan Uji Acak".utf8)

  static func message(_ who: ForgeSigner, content: [UInt8]) -> [UInt8] {
    bytes { forge_message(who, content, content.count, $0, $1) }
  }
  static func list(time: Int64, revoked: Bool) -> [UInt8] {
    bytes { forge_list(time, revoked ? 1 : 0, $0, $1) }
  }
  static func answer(time: Int64, revoked: Bool) -> [UInt8] {
    bytes { forge_answer(time, revoked ? 1 : 0, $0, $1) }
  }

  private static func bytes(_ write: (UnsafeMutablePointer<UInt8>?, Int) -> Int) -> [UInt8] {
    let made = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
      count = write(buffer.baseAddress, buffer.count)
    }
    if made.isEmpty { broken("the fuzzer cannot sign") }
    return made
  }

  // MARK: Signing what was changed

  private static let ecdsaWithSHA256: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
  private static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  private static let messageDigest: [UInt8] = [
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04,
  ]

  private static func signature(_ who: ForgeSigner, over data: [UInt8]) -> [UInt8] {
    bytes { forge_signature(who, data, data.count, $0, $1) }
  }

  private static func algorithm(_ oid: [UInt8]) -> DERNode {
    DERNode(
      tag: 0x30, children: [DERNode(tag: 0x06, content: oid)], isConstructed: true)
  }

  /// A CMS message: a fitting message digest if there is content inside, then the signature over
  /// the signed attributes. Only where the shape is still there.
  static func resign(message: DERNode, as who: ForgeSigner) {
    guard let signedData = message.at(1, 0), let infos = signedData.children.last,
      let info = infos.children.first, info.children.count >= 6,
      let attributes = info.children.first(where: { $0.tag == 0xa0 }),
      let place = info.children.firstIndex(where: { $0 === attributes }),
      place >= 1, place + 2 < info.children.count, info.children[place + 2].tag == 0x04
    else { return }
    info.children[place - 1] = algorithm(sha256)
    info.children[place + 1] = algorithm(ecdsaWithSHA256)
    if let content = signedData.at(2, 1, 0)?.octets,
      let digest = try? DigestAlgorithm.sha256.digest(content)
    {
      for attribute in attributes.children where attribute.at(0)?.isOID(messageDigest) == true {
        if let value = attribute.at(1, 0) {
          value.content = digest
          value.children = []
        }
      }
    }
    // The verifier signs over the set in canonical order.
    let parts = attributes.children.map(\.encoded).sorted { $0.lexicographicallyPrecedes($1) }
    let set = DERNode(tag: 0x31, content: parts.flatMap { $0 })
    info.children[place + 2] = DERNode(tag: 0x04, content: signature(who, over: set.encoded))
  }

  /// A list or a basic OCSP answer: SEQUENCE { what is signed, algorithm, BIT STRING }.
  static func resign(signed node: DERNode, algorithmAt place: Int?) {
    guard node.children.count >= 3, node.children[2].tag == 0x03 else { return }
    if let place, place < node.children[0].children.count {
      node.children[0].children[place] = algorithm(ecdsaWithSHA256)
    }
    node.children[1] = algorithm(ecdsaWithSHA256)
    node.children[2] = DERNode(
      tag: 0x03,
      content: [0] + signature(FORGE_AUTHORITY, over: node.children[0].encoded))
  }
}
