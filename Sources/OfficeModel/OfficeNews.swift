/// What a page of changes tells of the office itself: standards, closures, announcements and lists of
/// revoked certificates.
public struct OfficeNews: Codable, Hashable, Sendable {
  public init() {}
}
