/// What an update may do to the security store: grow, and redefine nothing that is in use elsewhere.
extension RevisionComparison {
  mutating func securityStore() throws {
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
}
