/// A sentence for staff in both languages of the kiosk.
public struct Wording: Sendable, Equatable {
  public var indonesian: String
  public var english: String

  public init(indonesian: String, english: String) {
    self.indonesian = indonesian
    self.english = english
  }

  /// The same in both: a path, a number, what a system call said.
  public init(_ both: String) { self.init(indonesian: both, english: both) }
}
