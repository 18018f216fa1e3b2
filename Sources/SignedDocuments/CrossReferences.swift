/// The table of one update, read for what qpdf does not tell.
struct CrossReferences {
  /// Objects of a later generation. One that nothing refers to is no part of the document for us,
  /// but a reader that looks at numbers only would show it in the place of the object that the
  /// signature covers.
  private(set) var laterGenerations: [ObjectID] = []
  /// Streams that hold the table itself or objects that it lists.
  private(set) var containers: Set<Int> = []
  private static let bytesLimit = Policy.objectsLimit * 32

  /// - Parameter start: where the table starts in `bytes`.
  init(_ bytes: DocumentBytes, at start: Int, of revision: PDFRevision) throws {
    if bytes.hasBytes("xref", at: start) {
      try readTable(bytes, from: start + 4)
    } else {
      var words = Words(bytes: bytes, index: start)
      containers.insert(try integer(words.next()))
      try readStream(bytes, from: start, revision)
    }
  }

  private mutating func note(_ number: Int, _ generation: Int) throws {
    guard generation != 0 else { return }
    guard let number = Int32(exactly: number), let generation = Int32(exactly: generation) else {
      throw RevisionComparison.finding
    }
    laterGenerations.append(ObjectID(number: number, generation: generation))
  }

  // MARK: A table in words: `first count`, then for each object `offset generation n|f`

  private mutating func readTable(_ bytes: DocumentBytes, from start: Int) throws {
    var words = Words(bytes: bytes, index: start)
    // The dictionary may follow without a space.
    while let first = words.next(), !first.starts(with: "trailer".utf8) {
      let number = try integer(first)
      let count = try integer(words.next())
      try require(count <= Policy.objectsLimit, .refuse("limits"))
      for offset in 0..<count {
        _ = try integer(words.next())
        let generation = try integer(words.next())
        if words.next() == [UInt8(ascii: "n")] { try note(number + offset, generation) }
      }
    }
  }

  private func integer(_ word: [UInt8]?) throws -> Int {
    guard let word, let value = Int(String(decoding: word, as: UTF8.self)), value >= 0,
      value <= Int(UInt32.max) * 4
    else { throw RevisionComparison.finding }
    return value
  }

  private struct Words: IteratorProtocol {
    let bytes: DocumentBytes
    var index: Int

    mutating func next() -> [UInt8]? {
      while index < bytes.count, bytes[index] <= 32 { index += 1 }
      var word: [UInt8] = []
      while index < bytes.count, bytes[index] > 32, word.count < 20 {
        word.append(bytes[index])
        index += 1
      }
      return word.isEmpty ? nil : word
    }
  }

  // MARK: A table in binary: rows of three fields, as the dictionary says

  private mutating func readStream(
    _ bytes: DocumentBytes, from start: Int, _ revision: PDFRevision
  ) throws {
    let dictionary = revision.trailer
    guard let rows = try rows(bytes, from: start, revision),
      let widths = dictionary["W"]?.asArray?.map({ $0.asInteger ?? -1 }), widths.count == 3,
      widths.allSatisfy({ (0...8).contains($0) }), let size = dictionary["Size"]?.asInteger
    else { throw RevisionComparison.finding }
    let sections = dictionary["Index"]?.asArray?.map { $0.asInteger ?? -1 } ?? [0, size]
    let width = Int(widths.reduce(0, +))
    var index = 0
    for section in stride(from: 0, to: sections.count - 1, by: 2) {
      let (first, count) = (sections[section], sections[section + 1])
      try require(
        (0...Int64(Int32.max)).contains(first) && count >= 0 && count <= Policy.objectsLimit
          && index + Int(count) * width <= rows.count, RevisionComparison.finding)
      for row in 0..<Int(count) {
        let kind = widths[0] == 0 ? 1 : field(rows, index, widths[0])
        let place = index + Int(widths[0])
        if kind == 1 {
          try note(Int(first) + row, field(rows, place + Int(widths[1]), widths[2]))
        } else if kind == 2 {
          containers.insert(field(rows, place, widths[1]))
        }
        index += width
      }
    }
  }

  private func field(_ rows: [UInt8], _ start: Int, _ width: Int64) -> Int {
    var value: UInt64 = 0
    for byte in rows[start..<start + Int(width)] { value = value << 8 | UInt64(byte) }
    return Int(clamping: value)
  }

  /// The decoded rows; the stream is taken from its place, since no table needs to list itself.
  private func rows(
    _ bytes: DocumentBytes, from start: Int, _ revision: PDFRevision
  ) throws -> [UInt8]? {
    guard let word = bytes.firstIndex(of: "stream", in: start..<bytes.count),
      let length = revision.resolve(revision.trailer["Length"]).asInteger, length >= 0
    else { return nil }
    var data = word + 6
    if data < bytes.count, bytes[data] == 13 { data += 1 }
    if data < bytes.count, bytes[data] == 10 { data += 1 }
    guard length <= Int64(bytes.count - data) else { return nil }
    let raw = bytes.copy(data..<data + Int(length))
    var next = data + Int(length)
    while next < bytes.count, bytes[next] <= 32 { next += 1 }
    guard bytes.hasBytes("endstream", at: next) else { return nil }
    switch try revision.filters(revision.trailer) {
    case []: return raw
    case ["FlateDecode"]: break
    default: return nil
    }
    guard let plain = Inflate.decode(raw, limit: Self.bytesLimit, keep: true)?.data else {
      throw Finding.refuse("limits")
    }
    let parameters = revision.trailer["DecodeParms"]
    guard let options = parameters?.asDictionary ?? parameters?.asArray?.first?.asDictionary,
      let predictor = options["Predictor"]?.asInteger, predictor > 1
    else { return plain }
    guard predictor >= 10, let columns = options["Columns"]?.asInteger,
      (1...64).contains(columns)
    else { return nil }
    return Self.unpredicted(plain, columns: Int(columns))
  }

  /// Rows by PNG's rules (each starts with its rule's number), one byte a pixel.
  private static func unpredicted(_ data: [UInt8], columns: Int) -> [UInt8]? {
    var above = [UInt8](repeating: 0, count: columns)
    var output: [UInt8] = []
    output.reserveCapacity(data.count)
    for start in stride(from: 0, to: data.count, by: columns + 1) {
      guard start + columns < data.count else { return nil }
      var row = Array(data[start + 1...start + columns])
      for index in row.indices {
        let left = index > 0 ? Int(row[index - 1]) : 0
        let up = Int(above[index])
        let corner = index > 0 ? Int(above[index - 1]) : 0
        let guess: Int
        switch data[start] {
        case 0: guess = 0
        case 1: guess = left
        case 2: guess = up
        case 3: guess = (left + up) / 2
        case 4:
          let (a, b, c) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
          guess = a <= b && a <= c ? left : b <= c ? up : corner
        default: return nil
        }
        row[index] &+= UInt8(truncatingIfNeeded: guess)
      }
      output += row
      above = row
    }
    return output
  }
}
