/// What an update may do to what the document says of itself. It is never drawn, but it says whose
/// document this is: it changes with a signature, or in what every writing changes.
extension RevisionComparison {
  /// Every producer may say by which PDF it writes; no reader draws anything by it.
  func version() throws {
    guard let after = new.catalog["Version"]?.asName?.bytes, after.count == 3, isDigit(after[0]),
      after[1] == UInt8(ascii: "."), isDigit(after[2])
    else { throw Self.finding }
  }

  /// `/ModDate` and `/Producer` say nothing that is printed; a document without any information
  /// may get these two.
  mutating func information() throws {
    let free: Set<PDFName> = ["ModDate", "Producer"]
    let value = new.trailer["Info"]
    if let before = old.trailer["Info"] { try require(before == value, Self.finding) }
    guard let id = value?.asReference, changed.contains(id) else {
      return try require(value == old.trailer["Info"], Self.finding)
    }
    guard let after = new.objects[id]?.value.asDictionary, new.objects[id]?.stream == nil,
      let before = isNew(id) ? [:] : old.objects[id]?.value.asDictionary
    else { throw Self.finding }
    try require(isNew(id) == (old.trailer["Info"] == nil), Self.finding)
    for key in differingKeys(before, after) {
      guard let text = after[key]?.asString else { throw Self.finding }
      if free.contains(key) { continue }
      guard let same = Self.text(text), before[key]?.asString.flatMap(Self.text) == same else {
        throw Self.finding
      }
    }
    explained.insert(id)
  }

  /// Plain text in either encoding of a text string; producers change one for the other.
  private static func text(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.starts(with: [0xFE, 0xFF]) else {
      return bytes.allSatisfy { (32..<127).contains($0) } ? bytes : nil
    }
    guard bytes.count % 2 == 0 else { return nil }
    var plain: [UInt8] = []
    for index in stride(from: 2, to: bytes.count, by: 2) {
      guard bytes[index] == 0, (32..<127).contains(bytes[index + 1]) else { return nil }
      plain.append(bytes[index + 1])
    }
    return plain
  }

  /// - Parameter isSigned: a person's signature covers the new description.
  mutating func metadata(isSigned: Bool) throws {
    let before = old.catalog["Metadata"]
    let value = new.catalog["Metadata"]
    guard let id = value?.asReference, changed.contains(id) else {
      return try require(before == value, Self.finding)
    }
    try require(isDescription(new.objects[id]), Self.finding)
    if before == nil {
      try require(isSigned && isNew(id), Self.finding)
    } else {
      try require(
        before == value && isDescription(old.objects[id]) && isHeldOnce(id), Self.finding)
      if !isSigned {
        guard let was = try old.decodedStream(id, limit: Self.descriptionLimit),
          let now = try new.decodedStream(id, limit: Self.descriptionLimit),
          DescriptionText(was) == DescriptionText(now)
        else { throw Self.finding }
      }
    }
    explained.insert(id)
  }

  private static let descriptionLimit = 1 << 20

  private func isDescription(_ object: PDFObject?) -> Bool {
    guard let dictionary = object?.value.asDictionary, object?.stream != nil else { return false }
    return Set(dictionary.keys).isSubset(
      of: ["Type", "Subtype", "Length", "Filter", "DecodeParms"])
      && dictionary["Type"] == .name("Metadata") && dictionary["Subtype"] == .name("XML")
  }
}
