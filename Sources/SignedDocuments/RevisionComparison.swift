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
    if signature?.isPerson == true {
      comparison.producerMark()
      comparison.drafts()
    }
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

  /// What the document hangs on stays. A producer's own key comes and goes with who writes, as long
  /// as nothing hangs on it. `/ID` matters to encryption alone, and some make a new one each time.
  private func trailer() throws {
    let free: Set<PDFName> = [
      "Size", "Prev", "Type", "W", "Index", "Filter", "DecodeParms", "Length", "ID", "Info",
    ]
    for key: PDFName in ["Root", "Encrypt", "XRefStm"] {
      try require(old.trailer[key] == new.trailer[key], Self.finding)
    }
    for (key, value) in new.trailer where !free.contains(key) && old.trailer[key] != value {
      try value.forEachReference { _ in throw Self.finding }
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

  /// An object that a part of the catalog is kept in may be new, or be written anew in its place;
  /// then nothing else may hang on it.
  mutating func holder(_ before: PDFValue?, _ after: PDFValue?) throws {
    guard let id = after?.asReference, changed.contains(id) else { return }
    try require(isNew(id) || (before == after && isHeldOnce(id)), Self.finding)
    explained.insert(id)
  }

  /// Developer extensions are numbers and names.
  private mutating func extensions() throws {
    let (before, value) = (old.catalog["Extensions"], new.catalog["Extensions"])
    guard let value else { return }
    try holder(before, value)
    let known = old.dictionary(before) ?? [:]
    for (key, entry) in new.dictionary(value) ?? [:] where known[key] != entry {
      try entry.forEachReference { _ in throw Self.finding }
    }
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

  /// Older iText writes its version into the root of the page tree when it signs.
  private mutating func producerMark() {
    guard let id = new.catalog["Pages"]?.asReference, changed.contains(id),
      let before = old.objects[id]?.value.asDictionary,
      let after = new.objects[id]?.value.asDictionary,
      differingKeys(before, after) == ["ITXT"], after["ITXT"]?.asString != nil
    else { return }
    explained.insert(id)
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
