extension ESCPOSTicketPrinter {
  /// How long the driver waits for what.
  public struct Limits: Sendable {
    public var connect = Duration.seconds(2)
    /// Real-time answers come at once, even in the middle of an image.
    public var status = Duration.seconds(1)
    /// Without taking a byte, or without an answer that waits behind bytes: the buffer (some KiB) is
    /// full and nothing is being printed.
    public var stuck = Duration.seconds(5)
    /// A ticket of 20 cm at 100 mm/s takes two seconds, with warming up and a slow one eight.
    public var confirm = Duration.seconds(8)
    /// All of a slip, however steadily it trickles: what an older one left in the printer (21 s at most),
    /// its own bytes and confirmation (13 s), and the questions before them.
    public var whole = Duration.seconds(40)
    /// Between two questions while the confirmation is awaited.
    public var pulse = Duration.milliseconds(300)
    /// Between two tries to leave an error: each moves the blade.
    public var leaveError = Duration.seconds(30)
    /// Failed questions in a row until the printer counts as absent.
    public var missesTold = 2
    public init() {}

    /// From the first question (four, each written and answered, before and after helping it out of an
    /// error) to the confirmation of a slip that the printer takes at once.
    public var slip: Duration { connect + status * 16 + stuck + confirm }
  }
}
