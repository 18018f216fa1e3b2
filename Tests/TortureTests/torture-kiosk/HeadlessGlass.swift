import DeviceThreads
import Dispatch
import Journey
import KioskShell
import OfficeModel
import Screens
import Synchronization

/// A glass without pixels: the same mailbox, the same touch rules and the same laid-out frame as the
/// window's, so that a touch means here what it means there.
@MainActor final class HeadlessGlass: Glass {
  /// Device pixels of the panel that is laid out.
  private static let size = Size(width: 1080, height: 1920)
  /// Milliseconds between two touches as the touch rules see them: no finger of ours shakes.
  private static let touchStep: Int64 = 1000

  nonisolated let mailbox = Mailbox()
  nonisolated let heartbeat = Heartbeat()
  private nonisolated let inbox = Inbox()
  private let fonts: FontBook
  private var touches = TouchTracker()
  private var touchTime: Int64 = 0
  private var frameNumber: UInt64 = 0

  init(fonts: FontBook) { self.fonts = fonts }

  nonisolated func stop() { inbox.close() }

  func run(from initial: JourneyState, _ program: ShellProgram) -> JourneyState {
    var state = initial
    let inbox = inbox
    mailbox.onArrival { inbox.ring() }
    Threads.start(name: "fingers") { inbox.readStandardInput() }
    var frame = program.frame(state, Self.size, fonts.measurer)
    drawn(frame, program)
    while !inbox.isClosed {
      inbox.wait(atMost: pause(state, program))
      heartbeat.looped(at: program.now().uptime)
      for touch in inbox.takeTouches() {
        touchTime += Self.touchStep
        heartbeat.touched(at: program.now().uptime)
        let event = TouchTracker.Event(
          source: .finger(1), kind: touch.kind, x: touch.x, y: touch.y, at: touchTime)
        for action in touches.handle(event, on: frame) { reduce(action, &state, program) }
        refresh(&frame, state, program)
      }
      for action in mailbox.drain() { reduce(action, &state, program) }
      if let deadline = program.nextDeadline(state), deadline <= program.now().uptime {
        reduce(.deadline, &state, program)
      }
      refresh(&frame, state, program)
    }
    mailbox.onArrival(nil)
    return state
  }

  private func pause(_ state: JourneyState, _ program: ShellProgram) -> Duration {
    let now = program.now().uptime
    guard let deadline = program.nextDeadline(state) else { return Heartbeat.interval }
    // A deadline that stays in the past is tried again a little later, as by the window.
    return min(Heartbeat.interval, max(deadline.since(now), .milliseconds(20)))
  }

  private func reduce(_ action: Action, _ state: inout JourneyState, _ program: ShellProgram) {
    Spoken.say(action, on: state)
    for effect in program.reduce(&state, action, program.now()) {
      if case .play = effect { continue }
      program.perform(effect)
    }
  }

  private func refresh(_ frame: inout Frame, _ state: JourneyState, _ program: ShellProgram) {
    let next = program.frame(state, Self.size, fonts.measurer)
    guard next != frame else { return }
    for action in touches.frameChanged(from: frame, to: next) { mailbox.send(action) }
    frame = next
    drawn(frame, program)
  }

  private func drawn(_ frame: Frame, _ program: ShellProgram) {
    heartbeat.drew(at: program.now().uptime)
    frameNumber += 1
    program.drawn(frameNumber, frame)
  }
}
