/// What a page of changes tells of the queue: numbers leased to this kiosk, how long the lines are, and
/// which of its numbers are no longer open.
public struct QueueNews: Codable, Hashable, Sendable {
  public init() {}
}
