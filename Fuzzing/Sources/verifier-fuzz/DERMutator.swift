/// Changes a message the way an attacker would: as a tree, with right lengths, mixed with parts of
/// other messages.
struct DERMutator {
  /// Subtrees of all seeds.
  private var donors: [DERNode] = []
  private var donorsByTag: [UInt8: [DERNode]] = [:]
  private let seeds: [[UInt8]]

  init(seeds: [[UInt8]]) {
    self.seeds = seeds
    for seed in seeds {
      guard let tree = DERNode.parse(seed)?.value else { continue }
      for node in tree.all where node.encoded.count <= 4096 {
        donors.append(node)
        donorsByTag[node.tag, default: []].append(node)
      }
    }
  }

  /// - Parameters:
  ///   - focus: the part of a message that most changes are made in.
  ///   - resign: what gives the tree a signature that fits again.
  func mutate(
    _ bytes: [UInt8], random: inout Generator, focus: (DERNode) -> DERNode?,
    resign: (DERNode) -> Void
  ) -> [UInt8] {
    guard let (tree, rest) = DERNode.parse(bytes, certificates: random.once(in: 8)) else {
      // Nothing can be built on it: start again more often than not.
      if random.once(in: 8) { return LibFuzzer.mutate(bytes, growth: 64) }
      return random.pick(seeds) ?? bytes
    }
    if random.once(in: 40) { return LibFuzzer.mutate(bytes, growth: 64) }
    for _ in 0...(random.once(in: 2) ? 0 : random.below(3)) {
      change(random.once(in: 4) ? tree : focus(tree) ?? tree, &random)
    }
    if !random.once(in: 8) { resign(tree) }
    var written = tree.encoded
    if !rest.isEmpty, !random.once(in: 8) { written += rest }
    if random.once(in: 60) {
      written += [UInt8](repeating: random.once(in: 3) ? 1 : 0, count: random.below(40))
    }
    return written
  }

  private func change(_ tree: DERNode, _ random: inout Generator) {
    let nodes = tree.all
    guard let node = random.pick(nodes) else { return }
    switch random.below(30) {
    case 0..<14: changeContent(random.pick(nodes.filter { $0.children.isEmpty }) ?? node, &random)
    case 14..<19:
      if let other = random.pick(donorsByTag[node.tag] ?? []) { replace(node, with: other) }
    case 19:
      if let other = random.pick(donors) { replace(node, with: other) }
    case 20:
      if !node.children.isEmpty { node.children.remove(at: random.below(node.children.count)) }
    case 21..<23:
      if let child = random.pick(node.children) {
        node.children.insert(child.copy(), at: random.below(node.children.count + 1))
      }
    case 23:
      if node.children.count > 1 {
        node.children.swapAt(
          random.below(node.children.count), random.below(node.children.count))
      }
    case 24:
      if !node.children.isEmpty, let other = random.pick(donors) {
        node.children.insert(other.copy(), at: random.below(node.children.count + 1))
      }
    case 25: node.tag = UInt8(truncatingIfNeeded: random.next())
    case 26: if node.isConstructed { node.isIndefinite.toggle() }
    case 27:
      if let child = random.pick(node.children), child.encoded.count < 200 {
        for _ in 0..<(1 << random.below(9)) { node.children.append(child.copy()) }
      }
    case 28: wrap(node, &random)
    default: changeContent(node, &random)
    }
  }

  private func replace(_ node: DERNode, with other: DERNode) {
    node.tag = other.tag
    node.content = other.content
    node.children = other.children.map { $0.copy() }
    node.isConstructed = other.isConstructed
    node.isIndefinite = other.isIndefinite
    node.lead = other.lead
  }

  private func wrap(_ node: DERNode, _ random: inout Generator) {
    let inner = node.copy()
    node.tag = random.pick([0x30, 0x31, 0xa0, 0xa1]) ?? 0x30
    node.content = []
    node.lead = []
    node.isConstructed = true
    node.children = [inner]
  }

  private static let numbers: [[UInt8]] = [
    [], [0], [1], [0x7f], [0x80], [0xff], [0, 0xff], [0x7f, 0xff, 0xff, 0xff],
    [0x80, 0, 0, 0, 0, 0, 0, 0], [UInt8](repeating: 0x41, count: 70),
  ]
  private static let times: [String] = [
    "20261120120000Z", "19700101000000Z", "99991231235959Z", "00000101000000Z", "20260230000000Z",
    "261120120000Z", "20261120120000.5Z", "20261120120000+0700", "2026112012Z", "",
  ]

  private func changeContent(_ node: DERNode, _ random: inout Generator) {
    guard node.children.isEmpty else { return }
    switch (node.tag, random.below(4)) {
    case (0x02, 0...1), (0x0a, 0...1): node.content = random.pick(Self.numbers) ?? []
    case (0x06, 0...2): node.content = random.pick(donorsByTag[0x06] ?? [])?.content ?? []
    case (0x17, 0...2), (0x18, 0...2): node.content = Array((random.pick(Self.times) ?? "").utf8)
    default: node.content = LibFuzzer.mutate(node.content, growth: 16)
    }
  }
}
