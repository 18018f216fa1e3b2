/// What an update may do to the form: nothing, or hold the signature whose revision it is.
extension RevisionComparison {
  mutating func form(signature: SignatureField?, isCertified: Bool) throws {
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
