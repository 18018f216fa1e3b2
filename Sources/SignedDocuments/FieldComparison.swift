/// How a signature comes into a form: in a field of its own, or in one that waited for it.
extension RevisionComparison {
  /// What signing may write into a waiting field or the annotation that shows it.
  private static let shownKeys: Set<PDFName> = ["AP", "AS", "M", "F", "Ff", "MK", "DA", "P"]
  private static let fieldKeys: Set<PDFName> = [
    "FT", "T", "TU", "TM", "Parent", "V", "Ff", "Lock", "SV", "DR", "DA", "Kids",
  ]
  private static let annotationKeys: Set<PDFName> = [
    "Type", "Subtype", "F", "P", "Rect", "AP", "AS", "MK", "DA", "M", "NM", "Border", "BS", "H",
  ]

  mutating func filledField(_ signature: SignatureField) throws {
    let id = signature.fieldID
    guard let before = old.objects[id]?.value.asDictionary,
      let after = new.objects[id]?.value.asDictionary
    else { throw Self.finding }
    try require(before["V"] == nil && after["V"] != nil, Self.finding)
    try require(
      differingKeys(before, after).isSubset(of: Self.shownKeys.union(["V"])), Self.finding)
    explained.insert(id)
    try explainNew(.dictionary(after))
    for widget in try widgets(of: id) {
      guard let before = old.objects[widget]?.value.asDictionary,
        let after = new.objects[widget]?.value.asDictionary
      else { throw Self.finding }
      if !signature.isPerson { try require(hasNoArea(after), Self.finding) }
      guard widget != id, changed.contains(widget) else { continue }
      try require(differingKeys(before, after).isSubset(of: Self.shownKeys), Self.finding)
      explained.insert(widget)
      try explainNew(.dictionary(after))
    }
  }

  mutating func addedField(_ signature: SignatureField, isCertified: Bool) throws {
    let id = signature.fieldID
    guard isNew(id), let field = new.objects[id]?.value.asDictionary,
      let widget = try widgets(of: id).first,
      let annotation = new.objects[widget]?.value.asDictionary
    else { throw Self.finding }
    if widget == id {
      try require(
        Set(field.keys).isSubset(of: Self.fieldKeys.union(Self.annotationKeys)), Self.finding)
    } else {
      try require(
        isNew(widget) && new.array(field["Kids"])?.count == 1
          && annotation["Parent"] == .reference(id) && Set(field.keys).isSubset(of: Self.fieldKeys)
          && Set(annotation.keys).isSubset(of: Self.annotationKeys.union(["Parent"])),
        Self.finding)
    }
    if !signature.isPerson || isCertified {
      let finding =
        signature.isPerson
        ? Finding.invalid("new_visible_field_after_certification") : Self.finding
      try require(hasNoArea(annotation), finding)
    }
    // A parent is explained only by the rules for groups.
    if let parent = field["Parent"]?.asReference {
      try require(explained.contains(parent), Self.finding)
    }
    explained.insert(id)
    try explainNew(.dictionary(field))
    try pages(widget: widget)
  }

  /// The annotations that show a field: those below it, or the field itself.
  private func widgets(of field: ObjectID) throws -> [ObjectID] {
    guard let kids = new.objects[field]?.value.asDictionary?["Kids"] else { return [field] }
    guard let items = new.array(kids), !items.isEmpty else { throw Self.finding }
    return try items.map { item in
      guard let id = item.asReference else { throw Self.finding }
      return id
    }
  }

  private func hasNoArea(_ annotation: PDFDictionary) -> Bool {
    guard let value = annotation["Rect"] else { return true }
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

  /// Everything new that hangs on `value`. What was there before is not touched by this.
  mutating func explainNew(_ value: PDFValue) throws {
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
