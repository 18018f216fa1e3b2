/// Steps 13 and 14: what one revision may change in the one before it. Every object that differs
/// must be explained by a rule; what is left over is a manipulation.
struct RevisionComparison {
  let old: PDFRevision
  let new: PDFRevision
  let changed: Set<ObjectID>
  var explained: Set<ObjectID> = []

  static let finding = Finding.invalid("modified_after_signing")

  /// - Parameters:
  ///   - table: the update's own.
  ///   - signature: the signature whose E is the end of `new`, if there is one.
  ///   - isCertified: a certification came before.
  static func check(
    old: PDFRevision, new: PDFRevision, table: CrossReferences, signature: SignatureField?,
    isCertified: Bool
  ) throws {
    let unused = table.laterGenerations.filter { new.objects[$0] == nil }
    try require(unused.isEmpty || signature?.isPerson == true, finding)
    var comparison = try RevisionComparison(old, new, unused: unused)
    try comparison.trailer()
    try comparison.catalog(signature: signature, isCertified: isCertified)
    try comparison.information()
    comparison.containers(table)
    if signature?.isPerson == true { comparison.drafts() }
    try require(comparison.changed.isSubset(of: comparison.explained), finding)
  }

  /// - Parameter unused: what the update lists and nothing refers to.
  private init(_ old: PDFRevision, _ new: PDFRevision, unused: [ObjectID]) throws {
    self.old = old
    self.new = new
    var changed: Set<ObjectID> = []
    for (id, object) in new.objects where old.objects[id] != object { changed.insert(id) }
    for id in old.objects.keys {
      try require(new.objects[id] != nil, Self.finding)
    }
    self.changed = changed
    // A number that was referred to before it existed would come alive in the signed content.
    var numbers = Set(unused.map(\.number))
    for id in changed where old.objects[id] == nil { numbers.insert(id.number) }
    for object in old.objects.values {
      try object.value.forEachReference { id in
        try require(
          old.objects[id] != nil || !numbers.contains(id.number), Self.finding)
      }
    }
    // The same number under two generations is one object in two guises.
    for id in old.objects.keys { try require(!numbers.contains(id.number), Self.finding) }
  }

  func isNew(_ id: ObjectID) -> Bool { old.objects[id] == nil }

  /// A key of a producer's own may be left out by the next one; what the document hangs on stays.
  /// `/ID` matters to encryption alone, and some producers make a new one with every update.
  private func trailer() throws {
    let free: Set<PDFName> = [
      "Size", "Prev", "Type", "W", "Index", "Filter", "DecodeParms", "Length", "ID", "Info",
    ]
    for key in new.trailer.keys where !free.contains(key) {
      try require(old.trailer[key] == new.trailer[key], Self.finding)
    }
    for key: PDFName in ["Root", "Encrypt"] {
      try require(old.trailer[key] == new.trailer[key], Self.finding)
    }
  }

  /// Whether nothing else can be changed through this object: it has one place at most.
  func isHeldOnce(_ id: ObjectID) -> Bool {
    var count = 0
    for object in old.objects.values {
      object.value.forEachReference { if $0 == id { count += 1 } }
    }
    return count <= 1
  }

  func differingKeys(_ a: PDFDictionary, _ b: PDFDictionary) -> Set<PDFName> {
    var keys: Set<PDFName> = []
    for key in Set(a.keys).union(b.keys) where a[key] != b[key] { keys.insert(key) }
    return keys
  }

  private mutating func catalog(signature: SignatureField?, isCertified: Bool) throws {
    guard let id = new.catalogID, id == old.catalogID else { throw Self.finding }
    let differing = differingKeys(old.catalog, new.catalog)
    try require(
      differing.isSubset(of: ["DSS", "Extensions", "AcroForm", "Version", "Metadata"]),
      Self.finding)
    explained.insert(id)
    if differing.contains("Version") { try version() }
    try extensions()
    try securityStore()
    try metadata(isSigned: signature?.isPerson == true)
    try form(signature: signature, isCertified: isCertified)
  }

  /// A producer that writes by a newer PDF says so; no reader draws anything by it.
  private func version() throws {
    guard let after = new.catalog["Version"]?.asName?.bytes, after.count == 3, isDigit(after[0]),
      after[1] == UInt8(ascii: "."), isDigit(after[2]),
      old.catalog["Version"]?.asName?.bytes.lexicographicallyPrecedes(after) ?? true
    else { throw Self.finding }
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

  /// `/ModDate` and `/Producer` say nothing that is printed; a document without any information
  /// may get these two.
  private mutating func information() throws {
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
    let differing = differingKeys(before, after)
    try require(differing.isSubset(of: free), Self.finding)
    for key in differing { try require(after[key]?.asString != nil, Self.finding) }
    explained.insert(id)
  }

  /// Cross-reference and object streams are how an update stores its objects; one that it does not
  /// use is a hiding place.
  private mutating func containers(_ table: CrossReferences) {
    for id in changed where isNew(id) && table.containers.contains(Int(id.number)) {
      guard let object = new.objects[id], object.stream != nil,
        let type = object.value.asDictionary?["Type"]?.asName
      else { continue }
      if type == "XRef" || type == "ObjStm" { explained.insert(id) }
    }
  }

  /// A signing producer may leave drafts behind that nothing refers to. The signature covers them,
  /// and no reader comes to them. Without a signature such a thing has no reason to be there.
  private mutating func drafts() {
    let left = changed.subtracting(explained)
    guard !left.isEmpty, left.allSatisfy(isNew) else { return }
    var isReached = false
    for (id, object) in new.objects where !left.contains(id) {
      object.value.forEachReference { if left.contains($0) { isReached = true } }
    }
    if !isReached { explained.formUnion(left) }
  }
}
