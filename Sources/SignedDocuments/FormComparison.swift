/// What an update may do to the form: nothing, or hold the signature whose revision it is.
extension RevisionComparison {
  mutating func form(signature: SignatureField?, isCertified: Bool) throws {
    let before = old.dictionary(old.catalog["AcroForm"]) ?? [:]
    let after = new.dictionary(new.catalog["AcroForm"]) ?? [:]
    try holder(old.catalog["AcroForm"], new.catalog["AcroForm"])
    let differing = differingKeys(before, after)
    try require(
      differing.isSubset(
        of: signature == nil ? ["Fields"] : ["Fields", "SigFlags", "DR", "DA"]), Self.finding)
    if differing.contains("SigFlags") {
      try require(after["SigFlags"]?.asInteger != nil, Self.finding)
    }
    try holder(before["Fields"], after["Fields"])
    try defaults(before, after, differing, isSigned: signature != nil)
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

  // MARK: What fields draw with

  /// Resources and text style for fields that have no appearance yet. A producer that signs or
  /// stamps may add names, and a style where there was none; what was there keeps its meaning.
  private mutating func defaults(
    _ before: PDFDictionary, _ after: PDFDictionary, _ differing: Set<PDFName>, isSigned: Bool
  ) throws {
    let isTouched = !differing.isDisjoint(with: ["DR", "DA"])
    guard isSigned else { return try require(!isTouched, Self.finding) }
    if differing.contains("DA") {
      try require(before["DA"] == nil && after["DA"]?.asString != nil, Self.finding)
    }
    let explainedCount = explained.count
    if isTouched || new.dictionary(after["DR"]) != nil {
      try grown(before["DR"], after["DR"], levels: 1)
    }
    // Only a signature's own appearance may come of it: a waiting text field would be drawn anew.
    if isTouched || explained.count > explainedCount {
      try require(!SignatureFields(old, limit: .max).hasOtherFields, Self.finding)
    }
  }

  /// Every entry that was there stays; new ones hang on new objects.
  private mutating func grown(_ before: PDFValue?, _ after: PDFValue?, levels: Int) throws {
    if before == nil, after == nil { return }
    guard let now = new.dictionary(after) else { throw Self.finding }
    let was = old.dictionary(before) ?? [:]
    try holder(before, after)
    for (key, value) in now {
      if let known = was[key] {
        if levels > 0, new.dictionary(value) != nil {
          try grown(known, value, levels: levels - 1)
        } else {
          try require(known == value, Self.finding)
        }
      } else {
        try explainNew(value)
      }
    }
    for key in was.keys { try require(now[key] != nil, Self.finding) }
  }

  // MARK: Names above a field

  /// Keys of a field that is only a name for those below it.
  private static let groupKeys: Set<PDFName> = ["T", "Kids", "TU", "TM", "Parent"]

  /// A new name with the new field as its only part.
  private mutating func addedGroup(_ group: PDFValue?, holding field: ObjectID) throws {
    guard let id = group?.asReference, isNew(id), let node = new.objects[id]?.value.asDictionary,
      Set(node.keys).isSubset(of: Self.groupKeys.subtracting(["Parent"])),
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
    try holder(before["Kids"], after["Kids"])
    explained.insert(id)
  }

  /// One more entry at the end of a list, and nothing else.
  func requireAdded(_ id: ObjectID, before: PDFValue?, after: PDFValue?) throws {
    let was = old.array(before) ?? []
    let now = new.array(after) ?? []
    try require(
      now.count == was.count + 1 && Array(now.dropLast()) == was && now.last == .reference(id),
      Self.finding)
  }
}
