public import Journey
public import OfficeModel
public import Screens

/// What the shell runs, as functions: so that it knows how to show and to listen and nothing of
/// what is shown.
public struct ShellProgram {
  /// Takes one action into the state; what follows from it comes back.
  public var reduce: @MainActor (inout JourneyState, Action, Moment) -> [Effect]
  /// When the state wants to be asked again without anybody touching.
  public var nextDeadline: @MainActor (JourneyState) -> Uptime?
  /// The whole screen for a state.
  public var frame: @MainActor (JourneyState, Size, TextMeasurer) -> Frame
  /// Carries out an effect elsewhere; must come back at once. An edit of a secret is done when it
  /// comes back: the next picture shows it.
  public var perform: @Sendable (Effect) -> Void
  public var now: @Sendable () -> Moment
  /// Told after every drawn frame, with its number; must come back at once.
  public var drawn: @MainActor (UInt64, Frame) -> Void

  public init(
    reduce: @escaping @MainActor (inout JourneyState, Action, Moment) -> [Effect],
    nextDeadline: @escaping @MainActor (JourneyState) -> Uptime?,
    frame: @escaping @MainActor (JourneyState, Size, TextMeasurer) -> Frame,
    perform: @escaping @Sendable (Effect) -> Void,
    now: @escaping @Sendable () -> Moment,
    drawn: @escaping @MainActor (UInt64, Frame) -> Void = { _, _ in }
  ) {
    self.reduce = reduce
    self.nextDeadline = nextDeadline
    self.frame = frame
    self.perform = perform
    self.now = now
    self.drawn = drawn
  }
}
