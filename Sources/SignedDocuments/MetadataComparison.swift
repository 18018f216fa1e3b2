/// What an update may do to the document's description of itself. It is never drawn, but it says
/// whose document this is, so it changes only with a signature, or in what every writing changes.
extension RevisionComparison {
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
          Self.withoutTraces(was) == Self.withoutTraces(now)
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

  /// Whatever writes a document leaves its name and the time, as an element or an attribute.
  private static let traces = ["xmp:ModifyDate", "xmp:MetadataDate", "pdf:Producer"]
    .map { Array($0.utf8) }

  /// The description without the text of these properties.
  static func withoutTraces(_ xml: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(xml.count)
    var index = 0
    while index < xml.count {
      let byte = xml[index]
      kept.append(byte)
      index += 1
      guard byte == UInt8(ascii: "<") || byte == UInt8(ascii: " ") || byte == 10,
        let name = traces.first(where: { xml[index...].starts(with: $0) })
      else { continue }
      let end = index + name.count
      let isElement = byte == UInt8(ascii: "<") && xml[end...].first == UInt8(ascii: ">")
      guard isElement || xml[end...].starts(with: "=\"".utf8) else { continue }
      kept += name
      index = end + (isElement ? 1 : 2)
      let closing = UInt8(ascii: isElement ? "<" : "\"")
      while index < xml.count, xml[index] != closing { index += 1 }
    }
    return kept
  }
}
