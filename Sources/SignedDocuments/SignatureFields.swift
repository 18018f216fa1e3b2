/// A signature that a field of the form holds.
struct SignatureField: Equatable {
  enum Kind: Equatable {
    /// A person's (or seal's) signature; `cades` when the signing certificate must be bound.
    case person(cades: Bool)
    case documentTimeStamp
  }
  let fieldID: ObjectID
  let name: [UInt8]
  let field: PDFDictionary
  /// Nil when the dictionary is written inside the field.
  let valueID: ObjectID?
  let value: PDFDictionary
  let kind: Kind
  /// The level of DocMDP (1...3) when this signature certifies the document.
  let certification: Int64?
  /// Whether its field says that nobody signs after it (`/Lock` with `/P 1`).
  let isLast: Bool

  var isPerson: Bool { kind != .documentTimeStamp }
}

/// Step B 4 and 5: every signature that the form knows, and no other.
struct SignatureFields {
  private(set) var signatures: [SignatureField] = []
  /// Whether there are fields that hold something else (text, choices, buttons).
  private(set) var hasOtherFields = false
  private let revision: PDFRevision
  private let limit: Int
  private var visited: Set<ObjectID> = []
  private var values: Set<ObjectID> = []
  private var names: Set<[UInt8]> = []

  init(_ revision: PDFRevision, limit: Int) throws {
    self.revision = revision
    self.limit = limit
    guard let form = revision.dictionary(revision.catalog["AcroForm"]) else { return }
    if form["XFA"] != nil { throw Finding.refuse("active_content") }
    let fields = revision.array(form["Fields"]) ?? []
    let held = fields.filter { field in
      let dictionary = revision.dictionary(field)
      return dictionary?["V"] != nil && revision.resolve(dictionary?["FT"]).asName == "Sig"
    }
    try require(held.count <= limit, .refuse("limits"))
    for field in fields {
      try walk(field, inheritedType: nil, prefix: [], depth: 0)
    }
  }

  private mutating func walk(
    _ value: PDFValue, inheritedType: PDFValue?, prefix: [UInt8], depth: Int
  ) throws {
    try require(depth <= Policy.fieldDepthLimit, .refuse("limits"))
    // A field that was taken out of the document may have left its number in the list.
    if value.asReference != nil, revision.resolve(value) == .null { return }
    guard let id = value.asReference, let field = revision.dictionary(value) else {
      throw Finding.invalid("malformed_signature")
    }
    try require(visited.insert(id).inserted, .invalid("duplicate_signature"))
    let type = field["FT"] ?? inheritedType
    var name = prefix
    if let part = revision.resolve(field["T"]).asString {
      if !name.isEmpty { name.append(UInt8(ascii: ".")) }
      name += part
    }
    for kid in revision.array(field["Kids"]) ?? [] {
      try walk(kid, inheritedType: type, prefix: name, depth: depth + 1)
    }
    guard revision.resolve(type).asName == "Sig" else {
      if type != nil || field["Kids"] == nil { hasOtherFields = true }
      return
    }
    guard let held = field["V"] else { return }
    guard let dictionary = revision.dictionary(held) else {
      throw Finding.invalid("malformed_signature")
    }
    if let valueID = held.asReference {
      try require(values.insert(valueID).inserted, .invalid("duplicate_signature"))
    }
    try require(names.insert(name).inserted, .invalid("duplicate_signature"))
    signatures.append(
      SignatureField(
        fieldID: id, name: name, field: field, valueID: held.asReference, value: dictionary,
        kind: try kind(of: dictionary), certification: try certification(of: dictionary),
        isLast: revision.resolve(revision.dictionary(field["Lock"])?["P"]).asInteger == 1))
    try require(signatures.count <= limit, .refuse("limits"))
  }

  private func kind(of dictionary: PDFDictionary) throws -> SignatureField.Kind {
    let type = revision.resolve(dictionary["Type"])
    switch revision.resolve(dictionary["SubFilter"]).asName {
    case "adbe.pkcs7.detached" where type == .name("Sig") || type == .null:
      return .person(cades: false)
    case "ETSI.CAdES.detached" where type == .name("Sig") || type == .null:
      return .person(cades: true)
    case "ETSI.RFC3161" where type == .name("DocTimeStamp") || type == .null:
      return .documentTimeStamp
    default: throw Finding.refuse("unsupported_subfilter")
    }
  }

  private func certification(of dictionary: PDFDictionary) throws -> Int64? {
    var level: Int64?
    for reference in revision.array(dictionary["Reference"]) ?? [] {
      guard let entry = revision.dictionary(reference),
        revision.resolve(entry["TransformMethod"]).asName == "DocMDP"
      else { continue }
      let parameters = revision.dictionary(entry["TransformParams"]) ?? [:]
      let written = revision.resolve(parameters["P"])
      let value = written == .null ? 2 : written.asInteger ?? 0
      try require((1...3).contains(value) && level == nil, .invalid("docmdp_violation"))
      level = value
    }
    return level
  }
}

/// Step 15: what the signatures so far leave to those after them.
struct SigningPermissions {
  private(set) var isCertified = false
  private var mayBeSigned = true

  /// - Parameter isFirst: nobody signed before.
  mutating func admit(_ signature: SignatureField, isFirst: Bool) throws {
    let violation = Finding.invalid("docmdp_violation")
    if let level = signature.certification {
      try require(isFirst, violation)
      isCertified = true
      mayBeSigned = level != 1
    } else {
      try require(mayBeSigned || !signature.isPerson, violation)
    }
    if signature.isLast { mayBeSigned = false }
  }
}
