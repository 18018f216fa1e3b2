/// Step 17, pages: few, reached once each, of a size that exists.
struct PageTree {
  private(set) var pageIDs: [ObjectID] = []
  private var visited: Set<ObjectID> = []
  private let revision: PDFRevision
  private let policy: Policy

  init(_ revision: PDFRevision, policy: Policy) throws {
    self.revision = revision
    self.policy = policy
    guard let root = revision.catalog["Pages"] else { throw Finding.refuse("not_pdf") }
    try walk(root, depth: 0, inherited: [:])
    try require(!pageIDs.isEmpty, .refuse("not_pdf"))
  }

  private mutating func walk(_ value: PDFValue, depth: Int, inherited: PDFDictionary) throws {
    try require(depth <= Policy.pageTreeDepthLimit, .refuse("limits"))
    guard let id = value.asReference, let node = revision.dictionary(value) else {
      throw Finding.refuse("malformed_pages")
    }
    try require(visited.insert(id).inserted, .refuse("limits"))
    var passed = inherited
    for key: PDFName in ["MediaBox", "CropBox"] {
      if let box = node[key] { passed[key] = box }
    }
    if let kids = node["Kids"] {
      guard let kids = revision.array(kids) else { throw Finding.refuse("malformed_pages") }
      // Nodes without pages cost time too.
      try require(
        kids.count <= policy.pagesLimit * 2 && visited.count <= policy.pagesLimit * 8,
        .refuse("limits"))
      for kid in kids { try walk(kid, depth: depth + 1, inherited: passed) }
      return
    }
    pageIDs.append(id)
    try require(pageIDs.count <= policy.pagesLimit, .refuse("limits"))
    try require(passed["MediaBox"] != nil, .refuse("malformed_pages"))
    for box in passed.values { try requireBox(box) }
    for key: PDFName in ["BleedBox", "TrimBox", "ArtBox"] {
      if let box = node[key] { try requireBox(box) }
    }
    if let unit = node["UserUnit"] {
      try require(revision.resolve(unit).asNumber == 1, .refuse("limits"))
    }
  }

  private func requireBox(_ value: PDFValue) throws {
    guard let items = revision.array(value), items.count == 4 else {
      throw Finding.refuse("malformed_pages")
    }
    for item in items {
      guard let number = revision.resolve(item).asNumber, number.isFinite,
        abs(number) <= Double(policy.pagePointsLimit)
      else { throw Finding.refuse("limits") }
    }
  }
}
