/// Steps 13 and 14: what one revision may change in the one before it. Every object that differs
/// must be explained by a rule; what is left over is a manipulation.
struct RevisionComparison {
  let old: PDFRevision
  let new: PDFRevision
  let changed: Set<ObjectID>
  var explained: Set<ObjectID> = []

  static let finding = Finding.invalid("modified_after_signing")

  /// - Parameters:
  ///   - signature: the signature whose E is the end of `new`, if there is one.
  ///   - isCertified: a certification came before.
  static func check(
    old: PDFRevision, new: PDFRevision, signature: SignatureField?, isCertified: Bool
  ) throws {
    var comparison = try RevisionComparison(old, new)
    try comparison.trailer()
    try comparison.catalog(signature: signature, isCertified: isCertified)
    try comparison.information()
    comparison.containers()
    try require(comparison.changed.isSubset(of: comparison.explained), finding)
  }

  private init(_ old: PDFRevision, _ new: PDFRevision) throws {
    self.old = old
    self.new = new
    var changed: Set<ObjectID> = []
    for (id, object) in new.objects where old.objects[id] != object { changed.insert(id) }
    for id in old.objects.keys {
      try require(new.objects[id] != nil, Self.finding)
    }
    self.changed = changed
    // A number that was referred to before it existed would come alive in the signed content.
    var numbers: Set<Int32> = []
    for id in changed where old.objects[id] == nil { numbers.insert(id.number) }
    for object in old.objects.values {
      try object.value.forEachReference { id in
        try require(
          old.objects[id] != nil || !numbers.contains(id.number), Self.finding)
      }
    }
    // The same number under two generations is one object in two guises.
    for id in changed where old.objects[id] == nil {
      for other in old.objects.keys where other.number == id.number { throw Self.finding }
    }
  }

  func isNew(_ id: ObjectID) -> Bool { old.objects[id] == nil }

  private func trailer() throws {
    let free: Set<PDFName> = [
      "Size", "Prev", "Type", "W", "Index", "Filter", "DecodeParms", "Length", "ID",
    ]
    for key in Set(old.trailer.keys).union(new.trailer.keys) where !free.contains(key) {
      try require(old.trailer[key] == new.trailer[key], Self.finding)
    }
    let before = old.trailer["ID"].map { old.resolve($0) }?.asArray?.first
    let after = new.trailer["ID"].map { new.resolve($0) }?.asArray?.first
    if let before { try require(after == before, Self.finding) }
    for value in [old.trailer["ID"], new.trailer["ID"]] {
      try require(value?.asReference == nil, Self.finding)
    }
  }

  func differingKeys(_ a: PDFDictionary, _ b: PDFDictionary) -> Set<PDFName> {
    var keys: Set<PDFName> = []
    for key in Set(a.keys).union(b.keys) where a[key] != b[key] { keys.insert(key) }
    return keys
  }

  private mutating func catalog(signature: SignatureField?, isCertified: Bool) throws {
    guard let id = new.catalogID, id == old.catalogID else { throw Self.finding }
    let allowed: Set<PDFName> = ["DSS", "Extensions", "AcroForm"]
    try require(
      differingKeys(old.catalog, new.catalog).isSubset(of: allowed), Self.finding)
    explained.insert(id)
    try extensions()
    try securityStore()
    try form(signature: signature, isCertified: isCertified)
  }

  /// Developer extensions are numbers and names.
  private mutating func extensions() throws {
    guard let value = new.catalog["Extensions"] else { return }
    if let id = value.asReference, isNew(id) || old.catalog["Extensions"] == value {
      explained.insert(id)
    }
    for (_, entry) in new.dictionary(value) ?? [:] {
      guard entry.asReference == nil else {
        // Only when it was like this before.
        try require(
          old.catalog["Extensions"].map { old.resolve($0) } == new.resolve(value),
          Self.finding)
        continue
      }
      try entry.forEachReference { _ in throw Self.finding }
    }
  }

  private mutating func securityStore() throws {
    guard new.catalog["DSS"] != nil || old.catalog["DSS"] != nil else { return }
    let before = try SecurityStoreShape(old)
    let after = try SecurityStoreShape(new)
    for id in after.leaves {
      try require(isNew(id) || !changed.contains(id), Self.finding)
      try require(after.containers[id] == nil, Self.finding)
      if isNew(id) { explained.insert(id) }
    }
    var outside: Set<ObjectID>?
    for (id, role) in after.containers where changed.contains(id) {
      if !isNew(id) {
        try require(before.containers[id] == role, Self.finding)
        // Nobody else may have had it in use.
        let used = outside ?? referencesOutsideStore(before)
        outside = used
        try require(!used.contains(id), Self.finding)
      }
      explained.insert(id)
    }
  }

  private func referencesOutsideStore(_ shape: SecurityStoreShape) -> Set<ObjectID> {
    var found: Set<ObjectID> = []
    for (id, object) in old.objects where shape.containers[id] == nil && id != old.catalogID {
      object.value.forEachReference { found.insert($0) }
    }
    for (key, value) in old.catalog where key != "DSS" {
      value.forEachReference { found.insert($0) }
    }
    return found
  }

  /// `/ModDate` and `/Producer` say nothing that is printed.
  private mutating func information() throws {
    guard let id = new.trailer["Info"]?.asReference, changed.contains(id) else { return }
    guard let before = old.objects[id]?.value.asDictionary,
      let after = new.objects[id]?.value.asDictionary
    else { throw Self.finding }
    try require(
      differingKeys(before, after).isSubset(of: ["ModDate", "Producer"]), Self.finding)
    for key: PDFName in ["ModDate", "Producer"] {
      try require(after[key]?.asReference == nil, Self.finding)
    }
    explained.insert(id)
  }

  /// Cross-reference and object streams are how objects are stored.
  private mutating func containers() {
    for id in changed where isNew(id) {
      guard let object = new.objects[id], object.stream != nil,
        let type = object.value.asDictionary?["Type"]?.asName
      else { continue }
      if type == "XRef" || type == "ObjStm" { explained.insert(id) }
    }
  }
}
