/// Steps 16 and 17: nothing that acts, reaches out or explodes. Every object counts, also one
/// that nothing refers to: a later reader may find it.
enum ContentPolicy {
  private static let forbiddenActions: Set<PDFName> = [
    "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "Movie",
    "Sound", "RichMediaExecute", "GoTo3DView", "ResetForm", "Hide", "SetOCGState", "Trans",
    "Thread",
  ]
  /// What a link or the opening of the document may do.
  private static let allowedActions: Set<PDFName> = ["GoTo", "URI", "Named"]
  private static let forbiddenSubtypes: Set<PDFName> = [
    "FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D", "Redact", "PS",
  ]
  private static let forbiddenKeys: Set<PDFName> = [
    "JS", "JavaScript", "AA", "EmbeddedFiles", "EF", "AF", "XFA", "Collection", "RichMediaContent",
    "Renditions",
  ]
  /// Keys by which a stream takes what it draws from elsewhere, or from a program.
  private static let forbiddenStreamKeys: Set<PDFName> = ["F", "FFilter", "Ref", "OPI", "Subtype2"]

  static func check(_ revision: PDFRevision, policy: Policy) throws {
    let active = Finding.refuse("active_content")
    if let opening = revision.dictionary(revision.catalog["OpenAction"]) {
      guard let kind = revision.resolve(opening["S"]).asName, kind == "GoTo" else { throw active }
    }
    var decoded = 0
    for (id, object) in revision.objects {
      try object.value.forEachDictionary { dictionary in
        for key in forbiddenKeys where dictionary[key] != nil { throw active }
        if let kind = revision.resolve(dictionary["S"]).asName, forbiddenActions.contains(kind) {
          throw active
        }
        if let kind = revision.resolve(dictionary["Subtype"]).asName,
          forbiddenSubtypes.contains(kind)
        {
          throw active
        }
        for key: PDFName in ["A", "PA"] {
          guard let action = revision.dictionary(dictionary[key]) else { continue }
          // Structure has an /A of its own, which does nothing and has no kind.
          guard let kind = revision.resolve(action["S"]).asName else {
            try require(dictionary["Subtype"] == nil, active)
            continue
          }
          try require(allowedActions.contains(kind), active)
        }
      }
      guard let mark = object.stream, let dictionary = object.value.asDictionary else { continue }
      try require(forbiddenStreamKeys.isDisjoint(with: dictionary.keys), active)
      try require(dictionary["Type"] != .name("EmbeddedFile"), active)
      try checkImage(revision, dictionary)
      decoded += try decodedCount(
        revision, id, mark, dictionary, limit: policy.decodedBytesLimit - decoded)
      try require(decoded <= policy.decodedBytesLimit, .refuse("limits"))
    }
  }

  private static func checkImage(_ revision: PDFRevision, _ dictionary: PDFDictionary) throws {
    guard revision.resolve(dictionary["Subtype"]).asName == "Image" else { return }
    guard let width = revision.resolve(dictionary["Width"]).asInteger,
      let height = revision.resolve(dictionary["Height"]).asInteger, width > 0, height > 0,
      width <= Policy.imageSideLimit, height <= Policy.imageSideLimit,
      width * height <= Policy.imagePixelsLimit
    else { throw Finding.refuse("limits") }
  }

  /// How much a stream comes to when it is decoded. What decodes into pixels is bounded by the
  /// image's sides instead.
  private static func decodedCount(
    _ revision: PDFRevision, _ id: ObjectID, _ mark: PDFObject.StreamMark,
    _ dictionary: PDFDictionary, limit: Int
  ) throws -> Int {
    let names = try revision.filters(dictionary)
    try require(names.count <= 4, .refuse("limits"))
    let compressors: Set<PDFName> = ["FlateDecode", "LZWDecode", "RunLengthDecode"]
    let used = names.filter { compressors.contains($0) }
    try require(used.count <= 1, .refuse("limits"))
    guard let compressor = used.first else { return mark.count }
    switch compressor {
    case "FlateDecode":
      guard names[0] == compressor else {
        // Behind ASCII armour: at most what deflate can reach.
        let most = mark.count.multipliedReportingOverflow(by: 1032)
        try require(!most.overflow && most.partialValue <= limit, .refuse("limits"))
        return most.partialValue
      }
      guard let raw = try revision.rawStream(id),
        let result = Inflate.decode(raw, limit: max(limit, 0), keep: false)
      else { throw Finding.refuse("limits") }
      return result.count
    default:
      // The most that LZW reaches in 12-bit codes; run lengths reach far less.
      let most = mark.count.multipliedReportingOverflow(by: 2731)
      try require(!most.overflow && most.partialValue <= limit, .refuse("limits"))
      return most.partialValue
    }
  }
}
