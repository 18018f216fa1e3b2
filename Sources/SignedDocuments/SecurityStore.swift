internal import COpenSSL

/// What the document's security store (DSS) carries, for building paths and for revocation.
struct SecurityStore {
  private(set) var certificates: [Certificate] = []
  private(set) var evidence = RevocationEvidence()
  private(set) var isPresent = false

  static let leafBytesLimit = 4 << 20

  init(_ revision: PDFRevision) throws {
    guard let store = revision.dictionary(revision.catalog["DSS"]) else { return }
    isPresent = true
    var read = 0
    var seen: Set<ObjectID> = []
    func leaves(_ container: PDFDictionary, _ key: PDFName, _ use: ([UInt8]) -> Void) throws {
      for item in revision.array(container[key]) ?? [] {
        guard let id = item.asReference, seen.insert(id).inserted else { continue }
        read += 1
        try require(read <= RevocationEvidence.itemsLimit, .refuse("limits"))
        if let bytes = try revision.decodedStream(id, limit: Self.leafBytesLimit) { use(bytes) }
      }
    }
    try leaves(store, "Certs") { bytes in
      if let one = Certificate(der: bytes) { certificates.append(one) }
    }
    try leaves(store, "CRLs") { bytes in
      if let list = RevocationList.read(bytes) { evidence.lists.append(list) }
    }
    try leaves(store, "OCSPs") { bytes in
      if let answer = OCSPEvidence(bytes) { evidence.answers.append(answer) }
    }
    for (_, value) in revision.dictionary(store["VRI"]) ?? [:] {
      guard let entry = revision.dictionary(value) else { continue }
      try leaves(entry, "Cert") { bytes in
        if let one = Certificate(der: bytes) { certificates.append(one) }
      }
      try leaves(entry, "CRL") { bytes in
        if let list = RevocationList.read(bytes) { evidence.lists.append(list) }
      }
      try leaves(entry, "OCSP") { bytes in
        if let answer = OCSPEvidence(bytes) { evidence.answers.append(answer) }
      }
    }
  }
}

/// `adbe-revocationInfoArchival`: SEQUENCE { [0] CRLs, [1] OCSP answers, [2] others }.
enum AdobeRevocation {
  static func read(_ bytes: [UInt8]) -> RevocationEvidence {
    var evidence = RevocationEvidence()
    guard let outer = DERValue.first(of: bytes[...]), outer.tag == 0x30 else { return evidence }
    for part in DERValue.all(in: outer.content, limit: 3) where part.tag == 0xa0 || part.tag == 0xa1
    {
      guard let sequence = DERValue.first(of: part.content), sequence.tag == 0x30 else { continue }
      for item in DERValue.all(in: sequence.content, limit: 16) {
        if part.tag == 0xa0, let list = RevocationList.read(Array(item.whole)) {
          evidence.lists.append(list)
        } else if part.tag == 0xa1, let answer = OCSPEvidence(Array(item.whole)) {
          evidence.answers.append(answer)
        }
      }
    }
    return evidence
  }
}

/// Tag, length, value with definite lengths and single-byte tags: enough for the archive above.
struct DERValue {
  let tag: UInt8
  let content: ArraySlice<UInt8>
  let whole: ArraySlice<UInt8>

  static func first(of bytes: ArraySlice<UInt8>) -> DERValue? {
    guard bytes.count >= 2 else { return nil }
    let start = bytes.startIndex
    let tag = bytes[start]
    var index = start + 2
    var length = Int(bytes[start + 1])
    if length >= 0x80 {
      let count = length & 0x7f
      guard (1...4).contains(count), bytes.endIndex - index >= count else { return nil }
      length = 0
      for _ in 0..<count {
        length = length << 8 | Int(bytes[index])
        index += 1
      }
    }
    guard bytes.endIndex - index >= length else { return nil }
    return DERValue(
      tag: tag, content: bytes[index..<(index + length)], whole: bytes[start..<(index + length)])
  }

  static func all(in bytes: ArraySlice<UInt8>, limit: Int) -> [DERValue] {
    var rest = bytes
    var found: [DERValue] = []
    while found.count < limit, let value = first(of: rest) {
      found.append(value)
      rest = rest[value.whole.endIndex...]
    }
    return found
  }
}
