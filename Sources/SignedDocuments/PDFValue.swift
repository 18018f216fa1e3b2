struct ObjectID: Hashable {
  let number: Int32
  let generation: Int32
}

typealias PDFDictionary = [PDFName: PDFValue]

/// A value of the document, as parsed; references are not followed.
enum PDFValue: Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// Kept as written: no rounding may make two different numbers equal.
  case real([UInt8])
  case string([UInt8])
  case name(PDFName)
  case array([PDFValue])
  case dictionary(PDFDictionary)
  case reference(ObjectID)

  var asDictionary: PDFDictionary? {
    if case .dictionary(let value) = self { return value }
    return nil
  }
  var asArray: [PDFValue]? {
    if case .array(let value) = self { return value }
    return nil
  }
  var asName: PDFName? {
    if case .name(let value) = self { return value }
    return nil
  }
  var asInteger: Int64? {
    if case .integer(let value) = self { return value }
    return nil
  }
  var asReference: ObjectID? {
    if case .reference(let value) = self { return value }
    return nil
  }
  var asString: [UInt8]? {
    if case .string(let value) = self { return value }
    return nil
  }
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let text): Double(String(decoding: text, as: UTF8.self))
    default: nil
    }
  }

  /// Calls `visit` for every reference inside.
  func forEachReference(_ visit: (ObjectID) throws -> Void) rethrows {
    switch self {
    case .reference(let id): try visit(id)
    case .array(let items): for item in items { try item.forEachReference(visit) }
    case .dictionary(let entries):
      for value in entries.values { try value.forEachReference(visit) }
    default: break
    }
  }

  /// Calls `visit` for this dictionary and every one inside.
  func forEachDictionary(_ visit: (PDFDictionary) throws -> Void) rethrows {
    switch self {
    case .array(let items): for item in items { try item.forEachDictionary(visit) }
    case .dictionary(let entries):
      try visit(entries)
      for value in entries.values { try value.forEachDictionary(visit) }
    default: break
    }
  }
}

/// An indirect object. A stream is its dictionary and a fingerprint of its raw bytes.
struct PDFObject: Equatable {
  struct StreamMark: Equatable {
    let count: Int
    let sha256: [UInt8]
  }
  var value: PDFValue
  var stream: StreamMark?
}
