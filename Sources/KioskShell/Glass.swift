package import Journey

/// What one kiosk is shown and touched on. Every kiosk in an office has a window (`Shell`); a proof
/// that breaks a kiosk some thousand times has one that is laid out but not drawn.
@MainActor package protocol Glass: AnyObject, Sendable {
  nonisolated var mailbox: Mailbox { get }
  nonisolated var heartbeat: Heartbeat { get }
  /// Ends `run` soon; callable from any thread, also before `run`.
  nonisolated func stop()
  /// Owns the main thread until `stop`.
  @discardableResult
  func run(from initial: JourneyState, _ program: ShellProgram) -> JourneyState
}

extension Shell: Glass {}
