/// What an XMP description says: its tags, each with its attributes in one order, and its texts.
/// Left out is what every writing changes: who wrote it last, when, in which layout, and which
/// prefixes it declares where.
struct DescriptionText: Equatable {
  private var pieces: [[UInt8]] = []

  /// Whatever writes a document leaves its name and the time, as an element or an attribute.
  private static let traces = ["xmp:ModifyDate", "xmp:MetadataDate", "pdf:Producer"]
    .map { Array($0.utf8) }

  init(_ xml: [UInt8]) {
    var index = 0
    while index < xml.count {
      if xml[index] == UInt8(ascii: "<") {
        addTag(Self.words(xml, &index))
      } else {
        let end = xml[index...].firstIndex(of: UInt8(ascii: "<")) ?? xml.count
        addText(xml[index..<end])
        index = end
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

  /// The words of the tag that starts at `index`, which moves behind it; quotes hold one together.
  private static func words(_ xml: [UInt8], _ index: inout Int) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var quote: UInt8?
    while index < xml.count {
      let byte = xml[index]
      index += 1
      if quote == nil, isSpace(byte) || byte == UInt8(ascii: ">") {
        if !word.isEmpty { words.append(word) }
        word = []
        if byte == UInt8(ascii: ">") { return words }
        continue
      }
      if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      word.append(byte)
    }
    // An open end: whatever it is, it is not lost.
    return words + [word]
  }

  private mutating func addTag(_ words: [[UInt8]]) {
    guard var name = words.first else { return pieces.append([]) }
    if name.starts(with: "<?xpacket".utf8) { return }
    var attributes = Array(words.dropFirst())
    // The end of an empty element stands alone or at the last attribute.
    if name.count > 1, let last = attributes.last, last.last == UInt8(ascii: "/") {
      attributes[attributes.count - 1].removeLast()
      name.append(UInt8(ascii: "/"))
    }
    attributes.removeAll {
      $0.isEmpty || $0.starts(with: "xmlns:".utf8) || $0.starts(with: "x:xmptk=".utf8)
        || Self.isTrace($0)
    }
    attributes.sort { $0.lexicographicallyPrecedes($1) }
    pieces.append(name)
    pieces += attributes
    dropTraceElement()
  }

  private static func isTrace(_ attribute: [UInt8]) -> Bool {
    !attribute.contains(UInt8(ascii: "<"))
      && traces.contains { attribute.starts(with: $0 + Array("=\"".utf8)) }
  }

  private mutating func addText(_ text: ArraySlice<UInt8>) {
    let start = text.drop(while: Self.isSpace)
    let end = start.reversed().drop(while: Self.isSpace)
    if !end.isEmpty { pieces.append([UInt8(ascii: ">")] + end.reversed()) }
  }

  /// Takes `<name>text</name>` off the end; text that holds more markup is not what a trace has.
  private mutating func dropTraceElement() {
    for name in Self.traces where pieces.last == Array("</".utf8) + name {
      let opening = [UInt8(ascii: "<")] + name
      if pieces.count >= 2, pieces[pieces.count - 2] == opening {
        pieces.removeLast(2)
      } else if pieces.count >= 3, pieces[pieces.count - 3] == opening,
        pieces[pieces.count - 2].first == UInt8(ascii: ">")
      {
        pieces.removeLast(3)
      }
    }
  }
}
