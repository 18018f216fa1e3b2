/// A configuration as written: text, lists and tables, each with its place. Nothing is interpreted
/// yet, so `08.00` and `yes` stay what their author typed.
struct Item {
  indirect enum Value {
    case text(String, isPlain: Bool)
    case list([Item])
    case table([Entry])
  }

  struct Entry {
    var key: String
    var place: Place
    var item: Item
  }

  var place: Place
  var value: Value

  /// An empty value such as `key:`, which counts as not written.
  var isEmpty: Bool {
    if case .text(let text, isPlain: true) = value {
      text.isEmpty || text == "~" || text == "null"
    } else {
      false
    }
  }

  var kindName: String {
    switch value {
    case .text: isEmpty ? "nothing" : "a single value"
    case .list: "a list"
    case .table: "a table of keys"
    }
  }

  /// This item with `overlay` laid over it: tables merge key by key, anything else is replaced whole.
  func overlaid(by overlay: Item) -> Item {
    guard case .table(let base) = value, case .table(let top) = overlay.value else {
      return overlay
    }
    var merged = base
    for entry in top {
      if let index = merged.firstIndex(where: { $0.key == entry.key }) {
        merged[index].place = entry.place
        merged[index].item = merged[index].item.overlaid(by: entry.item)
      } else {
        merged.append(entry)
      }
    }
    return Item(place: place, value: .table(merged))
  }
}
