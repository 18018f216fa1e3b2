/// A BER value as a tree that can be changed and written again with lengths that are right.
final class DERNode {
  var tag: UInt8
  /// Of a primitive value; empty when there are children.
  var content: [UInt8]
  var children: [DERNode]
  /// A primitive string whose content is again a value: children are written inside it.
  var isConstructed: Bool
  /// Written with an end mark in place of a length.
  var isIndefinite = false
  /// What stands before the children of a BIT STRING: the number of unused bits.
  var lead: [UInt8] = []

  init(tag: UInt8, content: [UInt8] = [], children: [DERNode] = [], isConstructed: Bool = false) {
    self.tag = tag
    self.content = content
    self.children = children
    self.isConstructed = isConstructed
  }

  func copy() -> DERNode {
    let other = DERNode(
      tag: tag, content: content, children: children.map { $0.copy() },
      isConstructed: isConstructed)
    other.isIndefinite = isIndefinite
    other.lead = lead
    return other
  }

  // MARK: Reading

  static let depthLimit = 40
  static let nodesLimit = 4000

  /// The first value and what follows it; nil when it is none of single-byte tags, or too big.
  /// - Parameter certificates: false leaves the certificates of a CMS message, most of its parts,
  ///   as one value, which is much faster.
  static func parse(
    _ bytes: [UInt8], certificates: Bool = true
  ) -> (value: DERNode, rest: [UInt8])? {
    var reader = Reader(bytes: bytes, certificates: certificates)
    guard let value = reader.value(end: bytes.count, depth: 0) else { return nil }
    return (value, Array(bytes[reader.index...]))
  }

  private struct Reader {
    let bytes: [UInt8]
    let certificates: Bool
    var index = 0
    var nodesCount = 0

    mutating func value(end: Int, depth: Int) -> DERNode? {
      nodesCount += 1
      guard depth < DERNode.depthLimit, nodesCount < DERNode.nodesLimit, end - index >= 2,
        bytes[index] & 0x1f != 0x1f
      else { return nil }
      let node = DERNode(tag: bytes[index])
      node.isConstructed = node.tag & 0x20 != 0
      index += 1
      guard let length = length(end: end) else { return nil }
      if length < 0 {
        guard node.isConstructed else { return nil }
        node.isIndefinite = true
        while true {
          guard end - index >= 2 else { return nil }
          if bytes[index] == 0, bytes[index + 1] == 0 { break }
          guard let child = value(end: end, depth: depth + 1) else { return nil }
          node.children.append(child)
        }
        index += 2
        return node
      }
      let stop = index + length
      // ContentInfo, [0], SignedData, [0].
      let isClosed = !certificates && depth == 3 && node.tag == 0xa0
      if node.isConstructed, !isClosed {
        while index < stop {
          guard let child = value(end: stop, depth: depth + 1) else { return nil }
          node.children.append(child)
        }
        return index == stop ? node : nil
      }
      if isClosed || !wrapped(node, stop: stop, depth: depth) {
        node.content = Array(bytes[index..<stop])
        index = stop
      }
      return node
    }

    /// An octet or bit string that holds nothing but one sequence.
    private mutating func wrapped(_ node: DERNode, stop: Int, depth: Int) -> Bool {
      let lead = node.tag == 0x03 ? 1 : 0
      guard node.tag == 0x04 || node.tag == 0x03, stop - index > lead + 2,
        bytes[index + lead] == 0x30
      else { return false }
      var inner = self
      inner.index += lead
      guard let child = inner.value(end: stop, depth: depth + 1), inner.index == stop else {
        return false
      }
      node.lead = Array(bytes[index..<(index + lead)])
      node.children = [child]
      nodesCount = inner.nodesCount
      index = stop
      return true
    }

    /// -1 for an indefinite one.
    private mutating func length(end: Int) -> Int? {
      let first = Int(bytes[index])
      index += 1
      if first == 0x80 { return -1 }
      var length = first
      if first > 0x80 {
        guard first & 0x7f <= 4, end - index >= first & 0x7f else { return nil }
        length = 0
        for _ in 0..<(first & 0x7f) {
          length = length << 8 | Int(bytes[index])
          index += 1
        }
      }
      return length <= end - index ? length : nil
    }
  }

  // MARK: Writing

  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    let inside: [UInt8]
    if children.isEmpty {
      inside = content
    } else {
      var written = lead
      for child in children { child.write(to: &written) }
      inside = written
    }
    bytes.append(tag)
    if isIndefinite, isConstructed {
      bytes.append(0x80)
      bytes += inside
      bytes += [0, 0]
      return
    }
    switch inside.count {
    case ..<0x80: bytes.append(UInt8(inside.count))
    case ..<0x100: bytes += [0x81, UInt8(inside.count)]
    case ..<0x10000: bytes += [0x82, UInt8(inside.count >> 8), UInt8(inside.count & 0xff)]
    default:
      bytes += [
        0x83, UInt8((inside.count >> 16) & 0xff), UInt8((inside.count >> 8) & 0xff),
        UInt8(inside.count & 0xff),
      ]
    }
    bytes += inside
  }

  // MARK: Looking

  /// This node and all below.
  var all: [DERNode] {
    var found: [DERNode] = []
    collect(&found)
    return found
  }

  private func collect(_ found: inout [DERNode]) {
    found.append(self)
    for child in children { child.collect(&found) }
  }

  /// Child by child from here; nil where there is none.
  func at(_ path: Int...) -> DERNode? {
    var node = self
    for index in path {
      guard index < node.children.count else { return nil }
      node = node.children[index]
    }
    return node
  }

  /// An object identifier by its encoded content.
  func isOID(_ content: [UInt8]) -> Bool { tag == 0x06 && self.content == content }

  /// The content of a string, also of one that holds a value or is written in parts.
  var octets: [UInt8] {
    if children.isEmpty { return content }
    if tag & 0x20 != 0 { return children.flatMap(\.octets) }
    return lead + children.flatMap(\.encoded)
  }
}
