/// One state of the document: everything that `bytes[0..<end]` says when it is read as a file of
/// its own.
final class PDFRevision {
  let end: Int
  private(set) var objects: [ObjectID: PDFObject] = [:]
  private(set) var trailer: PDFDictionary = [:]
  private let bytes: DocumentBytes
  /// All raw stream bytes together; they cannot be more than the file without overlapping.
  private var streamBytes = 0
  /// Opened when somebody reads a stream: qpdf keeps all that it read, and needs much more memory
  /// for it than we do.
  private var streamReader: PDFReader?

  init(_ bytes: DocumentBytes, end: Int) throws {
    self.end = end
    self.bytes = bytes.prefix(end)
    let reader = try PDFReader(self.bytes)
    do {
      try load(reader)
    } catch let finding as Finding {
      // qpdf knows better why a value is not what it should be.
      throw finding.reason == "malformed_pdf" ? reader.complaint() : finding
    }
    try reader.requireSilence()
  }

  private func load(_ reader: PDFReader) throws {
    guard case .dictionary(let dictionary) = try reader.trailer() else {
      throw Finding.invalid("malformed_pdf")
    }
    trailer = dictionary
    if trailer["Encrypt"] != nil { throw Finding.refuse("encrypted") }
    guard let size = trailer["Size"]?.asInteger, size > 0 else {
      throw Finding.invalid("malformed_pdf")
    }
    try require(size <= Policy.objectsLimit, .refuse("limits"))
    // The reader takes no /Size that is too small, so this is all of them, except for other
    // generations: those matter only where something refers to them.
    for number in 1..<max(Int32(size), 2) {
      try load(ObjectID(number: number, generation: 0), by: reader)
    }
    var waiting = laterGenerations(of: .dictionary(trailer))
    for object in objects.values { waiting.formUnion(laterGenerations(of: object.value)) }
    while let next = waiting.popFirst() {
      guard objects[next] == nil else { continue }
      try require(objects.count < Policy.objectsLimit, .refuse("limits"))
      try load(next, by: reader)
      if let object = objects[next] {
        for id in laterGenerations(of: object.value) where objects[id] == nil {
          waiting.insert(id)
        }
      }
    }
  }

  private func laterGenerations(of value: PDFValue) -> Set<ObjectID> {
    var found: Set<ObjectID> = []
    value.forEachReference { if $0.generation != 0 { found.insert($0) } }
    return found
  }

  private func load(_ id: ObjectID, by reader: PDFReader) throws {
    let found = try unsafe reader.object(id) { raw in
      streamBytes += raw.count
      try require(streamBytes <= end, .invalid("overlapping_streams"))
      return PDFObject.StreamMark(
        count: raw.count, sha256: try unsafe DocumentBytes(raw).digest(.sha256))
    }
    if let found { objects[id] = PDFObject(value: found.value, stream: found.stream) }
  }

  /// The raw bytes of a stream, read again; nil when the object is none.
  func rawStream(_ id: ObjectID) throws -> [UInt8]? {
    guard objects[id]?.stream != nil else { return nil }
    let reader = try streamReader ?? PDFReader(bytes)
    streamReader = reader
    return try unsafe reader.object(id) { unsafe Array($0) }?.stream
  }

  // MARK: Looking things up

  /// The value itself, or the one that it refers to. A reference to a reference is none of ours.
  func resolve(_ value: PDFValue?) -> PDFValue {
    guard let value else { return .null }
    if case .reference(let id) = value { return objects[id]?.value ?? .null }
    return value
  }

  func dictionary(_ value: PDFValue?) -> PDFDictionary? { resolve(value).asDictionary }
  func array(_ value: PDFValue?) -> [PDFValue]? { resolve(value).asArray }

  var catalogID: ObjectID? { trailer["Root"]?.asReference }
  var catalog: PDFDictionary { dictionary(trailer["Root"]) ?? [:] }
}
