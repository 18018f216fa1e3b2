/// The time that passes while a job is followed: the machine's, or a simulated one that takes none.
struct PrintTime: Sendable {
  /// Since some fixed moment; never goes back.
  var now: @Sendable () -> Duration
  /// False when the task was cancelled meanwhile.
  var sleep: @Sendable (Duration) async -> Bool

  static let real: PrintTime = {
    let start = ContinuousClock.now
    return PrintTime(
      now: { start.duration(to: .now) },
      sleep: { (try? await Task.sleep(for: $0)) != nil })
  }()
}
