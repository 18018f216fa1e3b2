/// Steps 13 and 14: what one revision may change in the one before it. Every object that differs
/// must be explained by a rule; what is left over is a manipulation.
struct RevisionComparison {
  private let old: PDFRevision
  private let new: PDFRevision
  private let changed: Set<ObjectID>
  private var explained: Set<ObjectID> = []

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

  private func isNew(_ id: ObjectID) -> Bool { old.objects[id] == nil }

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

  private func differingKeys(_ a: PDFDictionary, _ b: PDFDictionary) -> Set<PDFName> {
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

  private mutating func form(signature: SignatureField?, isCertified: Bool) throws {
    let before = old.dictionary(old.catalog["AcroForm"]) ?? [:]
    let after = new.dictionary(new.catalog["AcroForm"]) ?? [:]
    if let id = new.catalog["AcroForm"]?.asReference, changed.contains(id) {
      try require(isNew(id) || old.catalog["AcroForm"] == new.catalog["AcroForm"], Self.finding)
      explained.insert(id)
    }
    try require(
      differingKeys(before, after).isSubset(of: ["Fields", "SigFlags"]), Self.finding)
    try require(
      after["SigFlags"]?.asReference == nil || after["SigFlags"] == before["SigFlags"],
      Self.finding)
    if let id = after["Fields"]?.asReference, changed.contains(id) {
      try require(isNew(id) || before["Fields"] == after["Fields"], Self.finding)
      explained.insert(id)
    }
    let oldFields = old.array(before["Fields"]) ?? []
    let newFields = new.array(after["Fields"]) ?? []
    guard oldFields != newFields || signature != nil else { return }
    guard let signature else { throw Self.finding }
    if oldFields != newFields {
      try require(
        newFields.count == oldFields.count + 1 && Array(newFields.dropLast()) == oldFields,
        Self.finding)
      if newFields.last != .reference(signature.fieldID) {
        try addedGroup(newFields.last, holding: signature.fieldID)
      }
      try addedField(signature, isCertified: isCertified)
    } else if isNew(signature.fieldID) {
      try grownGroup(signature)
      try addedField(signature, isCertified: isCertified)
    } else {
      try filledField(signature)
    }
  }

  /// Keys of a field that is only a name for those below it.
  private static let groupKeys: Set<PDFName> = ["T", "Kids", "TU", "TM", "Parent"]

  /// A new name with the new field as its only part.
  private mutating func addedGroup(_ group: PDFValue?, holding field: ObjectID) throws {
    guard let id = group?.asReference, isNew(id), let node = new.objects[id]?.value.asDictionary,
      Set(node.keys).isSubset(of: ["T", "Kids", "TU", "TM"]),
      node["Kids"] == .array([.reference(field)]),
      new.objects[field]?.value.asDictionary?["Parent"] == group
    else { throw Self.finding }
    explained.insert(id)
  }

  /// A name that was there and got the new field as one more part.
  private mutating func grownGroup(_ signature: SignatureField) throws {
    guard let id = signature.field["Parent"]?.asReference, !isNew(id),
      let before = old.objects[id]?.value.asDictionary,
      let after = new.objects[id]?.value.asDictionary,
      Set(after.keys).isSubset(of: Self.groupKeys),
      differingKeys(before, after).isSubset(of: ["Kids"])
    else { throw Self.finding }
    try requireAdded(signature.fieldID, before: before["Kids"], after: after["Kids"])
    if let list = after["Kids"]?.asReference, changed.contains(list) {
      try require(isNew(list) || before["Kids"] == after["Kids"], Self.finding)
      explained.insert(list)
    }
    explained.insert(id)
  }

  /// A field that waited for its signature: only what signing writes may be new in it.
  private mutating func filledField(_ signature: SignatureField) throws {
    guard let before = old.objects[signature.fieldID]?.value.asDictionary,
      let after = new.objects[signature.fieldID]?.value.asDictionary
    else { throw Self.finding }
    try require(before["V"] == nil && after["V"] != nil, Self.finding)
    try require(
      differingKeys(before, after).isSubset(of: ["V", "AP", "AS", "M", "F", "MK", "DA"]),
      Self.finding)
    if !signature.isPerson { try require(hasNoArea(after), Self.finding) }
    explained.insert(signature.fieldID)
    try explainNew(.dictionary(after))
  }

  private mutating func addedField(_ signature: SignatureField, isCertified: Bool) throws {
    let id = signature.fieldID
    guard isNew(id), let field = new.objects[id]?.value.asDictionary else { throw Self.finding }
    let keys: Set<PDFName> = [
      "Type", "Subtype", "FT", "T", "TU", "TM", "Parent", "V", "F", "Ff", "P", "Rect", "AP", "AS",
      "MK",
      "DA", "M", "NM", "Lock", "SV", "DR", "Border", "BS", "H",
    ]
    try require(Set(field.keys).isSubset(of: keys), Self.finding)
    if !signature.isPerson || isCertified {
      let finding =
        signature.isPerson
        ? Finding.invalid("new_visible_field_after_certification") : Self.finding
      try require(hasNoArea(field), finding)
    }
    // A parent is explained only by the rules for groups.
    if let parent = field["Parent"]?.asReference {
      try require(explained.contains(parent), Self.finding)
    }
    explained.insert(id)
    try explainNew(.dictionary(field))
    try pages(widget: id)
  }

  private func hasNoArea(_ field: PDFDictionary) -> Bool {
    guard let value = field["Rect"] else { return true }
    guard let items = new.array(value), items.count == 4 else { return false }
    let numbers = items.compactMap { new.resolve($0).asNumber }
    guard numbers.count == 4 else { return false }
    return numbers[0] == numbers[2] && numbers[1] == numbers[3]
  }

  /// The one page on which exactly this widget appeared.
  private mutating func pages(widget: ObjectID) throws {
    var pagesCount = 0
    for id in changed where !explained.contains(id) && !isNew(id) {
      guard let before = old.objects[id]?.value.asDictionary,
        let after = new.objects[id]?.value.asDictionary, old.objects[id]?.stream == nil,
        new.objects[id]?.stream == nil, before["Type"]?.asName == "Page",
        differingKeys(before, after).isSubset(of: ["Annots"])
      else { continue }
      try requireAdded(widget, before: before["Annots"], after: after["Annots"])
      explained.insert(id)
      pagesCount += 1
    }
    // The list may be an object of its own while the page stays as it is.
    for (id, object) in new.objects where object.stream == nil {
      guard let page = object.value.asDictionary, page["Type"]?.asName == "Page",
        let list = page["Annots"]?.asReference, changed.contains(list)
      else { continue }
      if isNew(list) {
        try require(explained.contains(id), Self.finding)
      } else {
        if !changed.contains(id) { pagesCount += 1 }
        try requireAdded(
          widget, before: old.objects[id]?.value.asDictionary?["Annots"], after: page["Annots"])
      }
      explained.insert(list)
    }
    try require(pagesCount <= 1, Self.finding)
  }

  private func requireAdded(_ widget: ObjectID, before: PDFValue?, after: PDFValue?) throws {
    let was = old.array(before) ?? []
    let now = new.array(after) ?? []
    try require(
      now.count == was.count + 1 && Array(now.dropLast()) == was
        && now.last == .reference(widget), Self.finding)
  }

  /// Everything new that hangs on `value`. What was there before is not touched by this.
  private mutating func explainNew(_ value: PDFValue) throws {
    var waiting: [PDFValue] = [value]
    while let next = waiting.popLast() {
      next.forEachReference { id in
        guard isNew(id), let object = new.objects[id], !explained.contains(id) else { return }
        explained.insert(id)
        waiting.append(object.value)
      }
    }
  }
}

/// The containers and leaves of a security store, each with its role; anything that has no
/// business there is a manipulation.
struct SecurityStoreShape {
  private(set) var containers: [ObjectID: String] = [:]
  private(set) var leaves: Set<ObjectID> = []
  private let revision: PDFRevision

  init(_ revision: PDFRevision) throws {
    self.revision = revision
    guard let value = revision.catalog["DSS"] else { return }
    let store = try container(value, role: "DSS")
    let keys: Set<PDFName> = ["Type", "Certs", "CRLs", "OCSPs", "VRI"]
    try require(Set(store.keys).isSubset(of: keys), RevisionComparison.finding)
    for key: PDFName in ["Certs", "CRLs", "OCSPs"] {
      try list(store[key], role: "DSS/" + String(decoding: key.bytes, as: UTF8.self))
    }
    guard let related = store["VRI"] else { return }
    for (name, value) in try container(related, role: "VRI") where name != "Type" {
      let role = "VRI/" + hexadecimal(name.bytes)
      let entry = try container(value, role: role)
      let keys: Set<PDFName> = ["Type", "Cert", "CRL", "OCSP", "TU", "TS"]
      try require(Set(entry.keys).isSubset(of: keys), RevisionComparison.finding)
      for key: PDFName in ["Cert", "CRL", "OCSP"] {
        try list(entry[key], role: role + "/" + String(decoding: key.bytes, as: UTF8.self))
      }
      try require(entry["TU"]?.asReference == nil, RevisionComparison.finding)
      if let stamp = entry["TS"] { try leaf(stamp) }
    }
  }

  private mutating func container(_ value: PDFValue, role: String) throws -> PDFDictionary {
    try note(value, role: role)
    guard let dictionary = revision.dictionary(value),
      value.asReference.map({
        revision.objects[$0]?.stream == nil
      }) ?? true
    else { throw RevisionComparison.finding }
    return dictionary
  }

  private mutating func list(_ value: PDFValue?, role: String) throws {
    guard let value else { return }
    try note(value, role: role)
    guard let items = revision.array(value) else { throw RevisionComparison.finding }
    for item in items { try leaf(item) }
  }

  private mutating func note(_ value: PDFValue, role: String) throws {
    guard let id = value.asReference else { return }
    // One object, one role: VRI lists may be shared with the store's own.
    if let known = containers[id], known != role {
      containers[id] = min(known, role)
    } else {
      containers[id] = role
    }
  }

  private mutating func leaf(_ value: PDFValue) throws {
    let keys: Set<PDFName> = ["Length", "Filter", "DecodeParms", "Type"]
    guard let id = value.asReference, let object = revision.objects[id], object.stream != nil,
      let dictionary = object.value.asDictionary, Set(dictionary.keys).isSubset(of: keys)
    else { throw RevisionComparison.finding }
    for entry in dictionary.values {
      try entry.forEachReference { _ in throw RevisionComparison.finding }
    }
    leaves.insert(id)
  }
}
