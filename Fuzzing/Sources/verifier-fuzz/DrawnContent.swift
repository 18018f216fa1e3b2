@testable internal import SignedDocuments

/// A second opinion on an update that the comparison let pass, by another way: not which change is
/// explained, but whether anything that the old revision shows is another thing in the new one.
struct DrawnContent {
  let old: PDFRevision
  let new: PDFRevision
  /// The signature that the update brings, if it brings one.
  let signature: SignatureField?
  let isCertified: Bool

  /// What differs, in words; nil when all is the same.
  func difference() -> String? {
    var free: Set<PDFName> = ["DSS", "Extensions", "AcroForm", "Version"]
    // A person who signs may add a description; it is not drawn.
    if signature?.isPerson == true { free.insert("Metadata") }
    for key in Set(old.catalog.keys).union(new.catalog.keys) where !free.contains(key) {
      if new.catalog[key] != old.catalog[key] { return "the catalog's entry changed" }
    }
    if let form = formDifference() { return form }
    var seen: Set<ObjectID> = []
    var waiting: [ObjectID] = []
    let unseen: Set<PDFName> = ["DSS", "Extensions", "Metadata"]
    for (key, value) in old.catalog where !unseen.contains(key) {
      value.forEachReference { waiting.append($0) }
    }
    while let id = waiting.popLast() {
      guard seen.insert(id).inserted else { continue }
      guard let before = old.objects[id] else {
        // Pointed to nothing, and must still.
        if new.objects[id] != nil { return "a reference to nothing came alive" }
        continue
      }
      guard let after = new.objects[id] else { return "an object is gone" }
      if before != after, !mayChange(id, before, after) { return "an object that shows changed" }
      before.value.forEachReference { waiting.append($0) }
    }
    return annotationDifference(pages: seen)
  }

  /// What came to stand on the old pages: the signature's own field, unseen where it must be.
  private func annotationDifference(pages: Set<ObjectID>) -> String? {
    for id in pages {
      guard let page = new.objects[id]?.value.asDictionary, page["Type"]?.asName == "Page" else {
        continue
      }
      let before = old.array(old.objects[id]?.value.asDictionary?["Annots"]) ?? []
      let added = (new.array(page["Annots"]) ?? []).dropFirst(before.count)
      guard !added.isEmpty else { continue }
      guard let signature, added.count == 1, let widget = added.first?.asReference,
        widgets.contains(widget)
      else { return "a page has an annotation that nobody signed" }
      let annotation = new.objects[widget]?.value.asDictionary ?? [:]
      let box = (new.array(annotation["Rect"]) ?? []).map { new.resolve($0).asNumber ?? 0 }
      let hasArea = box.count == 4 && box[0] != box[2] && box[1] != box[3]
      if hasArea, isCertified || !signature.isPerson { return "a visible field came to stand" }
    }
    return nil
  }

  /// The signature's field, or the annotations below it.
  private var widgets: Set<ObjectID> {
    guard let signature else { return [] }
    let kids = (new.array(signature.field["Kids"]) ?? []).compactMap(\.asReference)
    return Set(kids + [signature.fieldID])
  }

  /// Objects that hold the form's resources.
  private var resources: Set<ObjectID> {
    guard signature != nil,
      let value = old.dictionary(old.catalog["AcroForm"])?["DR"]
    else { return [] }
    var found = Set([value].compactMap(\.asReference))
    found.formUnion((old.dictionary(value) ?? [:]).values.compactMap(\.asReference))
    return found
  }

  /// The flags say only that there are signatures; a field more is a signature's.
  private func formDifference() -> String? {
    var was = old.dictionary(old.catalog["AcroForm"]) ?? [:]
    var now = new.dictionary(new.catalog["AcroForm"]) ?? [:]
    let fields = (old.array(was["Fields"]) ?? [], new.array(now["Fields"]) ?? [])
    if signature == nil ? fields.0 != fields.1 : !fields.1.starts(with: fields.0) {
      return "the form's fields changed"
    }
    for key: PDFName in ["SigFlags", "Fields"] {
      was[key] = nil
      now[key] = nil
    }
    // What signs or stamps may add what its field draws with.
    if signature != nil {
      if was["DA"] == nil { now["DA"] = nil }
      if keeps(was["DR"], now["DR"], levels: 2) {
        was["DR"] = nil
        now["DR"] = nil
      }
    }
    return was == now ? nil : "the form changed"
  }

  /// Whether all that a dictionary held is still in it.
  private func keeps(_ before: PDFValue?, _ after: PDFValue?, levels: Int) -> Bool {
    guard levels > 0, let was = before.map({ old.dictionary($0) }) ?? [:],
      let now = new.dictionary(after)
    else { return before == after }
    return was.allSatisfy { keeps($0.value, now[$0.key], levels: levels - 1) }
  }

  /// The form's own lists, the field that was signed, its group, and the list of the page that it
  /// came to stand on.
  private func mayChange(_ id: ObjectID, _ before: PDFObject, _ after: PDFObject) -> Bool {
    if id == old.catalog["AcroForm"]?.asReference { return true }
    guard let signature else { return false }
    if widgets.contains(id) || id == signature.field["Parent"]?.asReference { return true }
    if resources.contains(id) {
      return keeps(.dictionary(before.value.asDictionary ?? [:]), after.value, levels: 2)
    }
    if let was = before.value.asArray, let now = after.value.asArray {
      return now.count == was.count + 1 && Array(now.dropLast()) == was
    }
    guard var was = before.value.asDictionary, var now = after.value.asDictionary else {
      return false
    }
    if id == old.catalog["Pages"]?.asReference {
      // Where older iText writes its version.
      was["ITXT"] = nil
      now["ITXT"] = nil
      return was == now
    }
    guard was["Type"]?.asName == "Page" else { return false }
    guard (new.array(now["Annots"]) ?? []).starts(with: old.array(was["Annots"]) ?? []) else {
      return false
    }
    was["Annots"] = nil
    now["Annots"] = nil
    return was == now
  }
}
