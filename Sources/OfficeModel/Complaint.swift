/// What a complaint is about, as a citizen picks it by picture.
public enum ComplaintKind: String, Hashable, Sendable, Codable, CaseIterable {
  case waiting, late, wrongDocument, officer
  /// Money was asked for: population administration is free (UU 24/2013, article 79A).
  case fee
  case facility
  /// Hard to use for the old, the disabled or with small children.
  case access
  case other
}

/// A complaint that was taken at the glass. It names nobody: whoever holds its number asks for it at
/// the complaints desk, and adds there what he wants to tell.
public struct Complaint: Hashable, Sendable, Identifiable {
  public var id: String
  /// Eight signs in two groups, as they stand on the slip.
  public var number: String
  public var kind: ComplaintKind
  /// Nil where nobody vouches for the time.
  public var filedAt: Timestamp?

  public init(id: String, number: String, kind: ComplaintKind, filedAt: Timestamp?) {
    self.id = id
    self.number = number
    self.kind = kind
    self.filedAt = filedAt
  }

  /// No signs that a hurried hand writes alike (0 O, 1 I, 2 Z, 5 S, U V). With 26^8 numbers two of
  /// ten thousand complaints are alike with a chance of 1 in 4000; the complaint's id tells them apart.
  static let signs = Array("346789ABCDEFGHJKLMNPQRTWXY")

  /// - Parameter bytes: random, at least eight; what is missing counts as zero.
  public static func number(from bytes: some Collection<UInt8>) -> String {
    var bytes = bytes.makeIterator()
    let drawn = (0..<8).map { _ in signs[Int(bytes.next() ?? 0) % signs.count] }
    return String(drawn[..<4]) + "-" + String(drawn[4...])
  }

  /// Whether a text has the form of such a number.
  public static func isNumber(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.count == 2 && groups.allSatisfy { $0.count == 4 && $0.allSatisfy(signs.contains) }
  }
}
