internal import CSDL
public import Journey
internal import OfficeModel
internal import Scanning
internal import Screens
public import SensitiveMemory

/// The kiosk's window and its loop: wait, collect what happened, reduce, draw what changed. Lives
/// on the main thread, is synchronous, and nothing in it ever awaits.
@MainActor public final class Shell {
  public nonisolated let mailbox: Mailbox
  public nonisolated let heartbeat: Heartbeat
  public let renderer: FrameRenderer

  private let window: KioskWindow
  private nonisolated let waiter: LoopWaiter
  private nonisolated let stopFlag = StopFlag()
  private let sounds: SoundPlayer?
  /// At most so many events are taken before the glass is drawn again.
  private static let eventsPerRound = 256
  /// A deadline that stays in the past, and a window that cannot be drawn on, are tried again
  /// after this time and not at once.
  private static let retryAfter = Duration.milliseconds(250)

  private var touches = TouchTracker()
  private var focus = FocusWalk()
  private var scan = ScanCollector()
  private var basket: ScanBasket
  private var secretsChanged = false
  private var stateChanged = false
  private var sessionEnded = false
  private var mustPutAll = true
  private var deadlineNotBefore = Uptime.zero
  private var drawNotBefore = Uptime.zero
  private var animationSince = Uptime.zero
  private var shown: DisplayList?
  private var frameNumber: UInt64 = 0

  /// Opens the window.
  /// - Parameters:
  ///   - isSoundOn: whether sounds are played where there is a device.
  /// - Throws: `ShellError` when SDL finds no display or a font cannot be read.
  public init(
    title: String, mode: WindowMode, assets: AssetFolder, vault: SecretVault,
    mailbox: Mailbox = Mailbox(), heartbeat: Heartbeat = Heartbeat(), isSoundOn: Bool = true
  ) throws(ShellError) {
    basket = ScanBasket(vault: vault)
    self.mailbox = mailbox
    self.heartbeat = heartbeat
    renderer = try FrameRenderer(assets: assets, vault: vault)
    window = try KioskWindow(title: title, mode: mode)
    waiter = try LoopWaiter(driver: window.driver)
    sounds = isSoundOn ? SoundPlayer(assets: assets) : nil
  }

  /// Ends `run` soon; callable from any thread, also before `run`.
  public nonisolated func stop() {
    stopFlag.set()
    waiter.wake()
  }

  /// Wakes the loop without news, for events that were pushed past SDL's own input.
  nonisolated func wake() { waiter.wake() }

  /// Runs until `stop` or until the window is closed, then closes the window.
  /// - Returns: the state as it was at the end.
  @discardableResult
  public func run(from initial: JourneyState, _ program: ShellProgram) -> JourneyState {
    var state = initial
    let waiter = waiter
    mailbox.onArrival { waiter.wake() }
    var frame = program.frame(state, window.size, renderer.fonts.measurer)
    animationSince = program.now().uptime
    while !stopFlag.isSet {
      paint(frame, program)
      let event = unsafe waiter.wait(
        milliseconds: pause(state, frame, program), pump: pump(state))
      heartbeat.looped(at: program.now().uptime)
      unsafe takeEvents(event, &state, &frame, program)
      for action in mailbox.drain() { reduce(action, &state, program) }
      takeDeadlines(&state, &frame, program)
      refresh(&frame, state, program)
    }
    mailbox.onArrival(nil)
    basket.wipe()
    renderer.forgetPersonal(alsoScreen: true)
    window.close()
    return state
  }

  // MARK: Time

  private func pause(_ state: JourneyState, _ frame: Frame, _ program: ShellProgram) -> Int32 {
    let now = program.now().uptime
    var next = now.adding(Heartbeat.interval)
    if let deadline = program.nextDeadline(state) {
      next = min(next, max(deadline, deadlineNotBefore))
    }
    if let animation = frame.animation, animation.images.count > 1 {
      let interval = Self.interval(of: animation)
      let images = now.since(animationSince).wholeMilliseconds / interval
      next = min(next, animationSince.adding(.milliseconds((images + 1) * interval)))
    }
    if let deadline = scan.deadline { next = min(next, Uptime(milliseconds: deadline)) }
    if mustPutAll { next = min(next, max(drawNotBefore, now)) }
    return Int32(clamping: max(0, next.since(now).wholeMilliseconds))
  }

  /// Input devices that SDL must look at itself: often while a citizen is here.
  private func pump(_ state: JourneyState) -> Int32? {
    switch window.driver {
    case "dummy", "offscreen": nil
    default: state.session == nil ? 60 : 20
    }
  }

  private static func interval(of animation: Animation) -> Int64 {
    max(40, animation.interval.wholeMilliseconds)
  }

  private func takeDeadlines(
    _ state: inout JourneyState, _ frame: inout Frame, _ program: ShellProgram
  ) {
    let now = program.now().uptime
    take(scan.silence(at: now.milliseconds), &state, &frame, program)
    guard let deadline = program.nextDeadline(state), max(deadline, deadlineNotBefore) <= now else {
      return
    }
    reduce(.deadline, &state, program)
    if let next = program.nextDeadline(state), next <= now {
      deadlineNotBefore = now.adding(Self.retryAfter)
    }
  }

  // MARK: Input

  private func takeEvents(
    _ first: SDL_Event?, _ state: inout JourneyState, _ frame: inout Frame,
    _ program: ShellProgram
  ) {
    guard var event = unsafe first else { return }
    var count = 0
    repeat {
      let now = program.now().uptime
      if let input = unsafe ShellInput(event, size: window.size, at: now.milliseconds) {
        // Each event meets the screen that the one before it led to.
        take(input, at: now, &state, &frame, program)
        refresh(&frame, state, program)
      }
      count += 1
    } while unsafe count < Self.eventsPerRound && SDL_PollEvent(&event) == 1
    // What is left must not wait for the next event to wake the loop.
    if count == Self.eventsPerRound { waiter.wake() }
  }

  private func take(
    _ input: ShellInput, at now: Uptime, _ state: inout JourneyState, _ frame: inout Frame,
    _ program: ShellProgram
  ) {
    switch input {
    case .pointer(let event):
      heartbeat.touched(at: now)
      focus.touched()
      reduce(all: touches.handle(event, on: frame), &state, program)
    case .key(.enter):
      heartbeat.touched(at: now)
      take(scan.enter(at: now.milliseconds), &state, &frame, program)
    case .key(let key):
      heartbeat.touched(at: now)
      reduce(all: focus.handle(key, on: frame), &state, program)
    case .character(let byte):
      heartbeat.touched(at: now)
      take(scan.character(byte, at: now.milliseconds), &state, &frame, program)
    case .exposed:
      mustPutAll = true
    case .resized:
      window.refreshSize()
      mustPutAll = true
      stateChanged = true
    case .focusLost:
      reduce(all: touches.cancel(), &state, program)
    case .close:
      stopFlag.set()
    }
  }

  private func take(
    _ outputs: [ScanCollector.Output], _ state: inout JourneyState, _ frame: inout Frame,
    _ program: ShellProgram
  ) {
    for output in outputs {
      switch output {
      case .collect(let byte): basket.collect(byte)
      case .finished:
        if let payload = basket.finish() { reduce(.scanned(payload), &state, program) }
      case .discarded: basket.wipe()
      case .typed(let byte):
        guard (0x30...0x39).contains(byte) else { continue }
        reduce(all: focus.digit(byte - 0x30, on: frame), &state, program)
        refresh(&frame, state, program)
      case .enter:
        reduce(all: focus.handle(.enter, on: frame), &state, program)
      }
    }
  }

  // MARK: State

  private func reduce(
    all actions: [Action], _ state: inout JourneyState, _ program: ShellProgram
  ) {
    for action in actions { reduce(action, &state, program) }
  }

  private func reduce(_ action: Action, _ state: inout JourneyState, _ program: ShellProgram) {
    let session = state.session
    let effects = program.reduce(&state, action, program.now())
    stateChanged = true
    if let session, state.session != session { sessionEnded = true }
    for effect in effects {
      switch effect {
      case .secret:
        program.perform(effect)
        secretsChanged = true
      case .play(let sound):
        if state.preferences.sound { sounds?.play(sound) }
      default:
        program.perform(effect)
      }
    }
  }

  /// Lays the screen out again when the state changed.
  private func refresh(_ frame: inout Frame, _ state: JourneyState, _ program: ShellProgram) {
    guard stateChanged else { return }
    stateChanged = false
    let next = program.frame(state, window.size, renderer.fonts.measurer)
    guard next != frame else { return }
    let old = frame
    frame = next
    if old.animation != next.animation { animationSince = program.now().uptime }
    focus.frameChanged(from: old, to: next)
    // A held control that is gone lets go; that is one more action, and then the frame stands.
    for action in touches.frameChanged(from: old, to: next) {
      mailbox.send(action)
    }
  }

  // MARK: Drawing

  private func paint(_ frame: Frame, _ program: ShellProgram) {
    let now = program.now().uptime
    guard now >= drawNotBefore else { return }
    var image = 0
    if let animation = frame.animation {
      image = Int(now.since(animationSince).wholeMilliseconds / Self.interval(of: animation))
    }
    let list = DisplayList(
      frame: frame, pressed: Self.index(of: touches.pressed, in: frame),
      focus: Self.index(of: focus.focused, in: frame), image: image)
    guard list != shown || secretsChanged || mustPutAll else { return }
    do throws(ShellError) {
      var areas = try renderer.draw(list, secretsChanged: secretsChanged)
      if mustPutAll {
        areas = [Rect(x: 0, y: 0, width: list.size.width, height: list.size.height)]
      }
      if let canvas = renderer.canvas { try window.put(canvas, areas) }
      shown = list
      secretsChanged = false
      mustPutAll = false
      if sessionEnded {
        renderer.forgetPersonal()
        sessionEnded = false
      }
      guard !areas.isEmpty else { return }
      heartbeat.drew(at: now)
      frameNumber += 1
      program.drawn(frameNumber, frame)
    } catch {
      heartbeat.failed()
      mustPutAll = true
      drawNotBefore = now.adding(Self.retryAfter)
    }
  }

  private static func index(of control: Control?, in frame: Frame) -> Int? {
    guard let control else { return nil }
    return frame.controls.firstIndex { $0.control == control }
  }
}
