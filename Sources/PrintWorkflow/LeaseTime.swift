/// How the time of a print and the end of its lease go together: a print begins only when it can end
/// within its lease, and one that drags on is cancelled before that.
public enum LeaseTime {
  /// A print begins with at least this much left: a document of an office takes a minute or two, and
  /// somebody may have to bring paper.
  public static let least = Duration.seconds(300)
  /// A document is opened with at least this much left, so that it can be looked at and still be
  /// printed; else the lease is asked for anew.
  public static let comfortable = Duration.seconds(600)
  /// From asking the printer to cancel to its word on it: half a minute to let go of the job, a
  /// quarter to trust that no sheet is on its way, and as much again.
  public static let toCancel = Duration.seconds(60)
}
