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
