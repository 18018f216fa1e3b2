import CSDL
import Dispatch
import Journey
import OfficeModel
import Screens
import SensitiveMemory
import Synchronization
import Testing

@testable import KioskShell

/// The real loop on SDL's driver without a display; events come from another thread as they would
/// from a panel.
@MainActor @Suite("Shell loop", .serialized) struct ShellLoopTests {
  /// What the reducer saw, for the thread that plays the citizen.
  private final class Seen: Sendable {
    let actions = Mutex<[Action]>([])
    func add(_ action: Action) { actions.withLock { $0.append(action) } }
    var activated: [Control] {
      actions.withLock { $0 }.compactMap {
        if case .activate(let control) = $0 { control } else { nil }
      }
    }
  }

  /// A pixel's colours as they changed; a frame drawn twice counts once.
  @MainActor private final class Looks {
    private(set) var all: [UInt32] = []
    /// How many there are with this one; nil when nothing changed.
    func add(_ color: UInt32?) -> Int? {
      guard let color, color != all.last else { return nil }
      all.append(color)
      return all.count
    }
  }

  private let vault = SecretVault()
  private let seen = Seen()

  private nonisolated static let started = ContinuousClock.now
  private nonisolated static func moment() -> Moment {
    let uptime = Uptime(milliseconds: (ContinuousClock.now - started).wholeMilliseconds)
    return Moment(wall: Timestamp(milliseconds: uptime.milliseconds), uptime: uptime)
  }

  private func shell() throws -> Shell {
    SDL_SetHint("SDL_VIDEODRIVER", "dummy")
    return try Shell(
      title: "test", mode: .window(Size(width: 400, height: 600)), assets: Samples.assets,
      vault: vault, isSoundOn: false)
  }

  private func program(
    deadline: Uptime? = nil, effects: @escaping @MainActor (Action) -> [Effect] = { _ in [] },
    drawn: @escaping @MainActor (UInt64, Frame) -> Void = { _, _ in }
  ) -> ShellProgram {
    let seen = seen
    return ShellProgram(
      reduce: { state, action, moment in
        state.now = moment
        seen.add(action)
        if case .activate(.start) = action { state.screen = .home }
        return effects(action)
      },
      nextDeadline: { _ in deadline },
      frame: { state, size, _ in
        Samples.frame(name: state.screen == .home ? "home" : "attract", size: size)
      },
      perform: { _ in }, now: Self.moment, drawn: drawn)
  }

  private nonisolated static func finger(_ type: SDL_EventType, _ x: Int, _ y: Int) {
    var event = SDL_Event()
    event.tfinger.type = type.rawValue
    event.tfinger.touchId = 1
    event.tfinger.fingerId = 1
    event.tfinger.x = (Float(x) + 0.5) / 400
    event.tfinger.y = (Float(y) + 0.5) / 600
    SDL_PushEvent(&event)
  }

  private nonisolated static func character(_ byte: UInt8) {
    var event = SDL_Event()
    event.text.type = SDL_TEXTINPUT.rawValue
    event.text.text.0 = CChar(byte)
    SDL_PushEvent(&event)
  }

  private nonisolated static func key(_ code: SDL_KeyCode) {
    var event = SDL_Event()
    event.key.type = SDL_KEYDOWN.rawValue
    event.key.keysym.sym = Int32(bitPattern: code.rawValue)
    SDL_PushEvent(&event)
  }

  @Test("a finger's press shows in one frame, its lifting in the next, and the screen follows")
  func press() throws {
    let shell = try shell()
    let pressedColors = Looks()
    let renderer = shell.renderer
    let drawn: @MainActor (UInt64, Frame) -> Void = { _, frame in
      switch pressedColors.add(renderer.canvas?.color(x: 60, y: 190).rgb) {
      case nil: break
      case 1:
        Self.finger(SDL_FINGERDOWN, 100, 150)
        shell.wake()
      case 2:
        Self.finger(SDL_FINGERUP, 100, 150)
        shell.wake()
      default:
        #expect(frame.name == "home")
        shell.stop()
      }
    }
    let state = shell.run(from: Samples.state(), program(drawn: drawn))
    #expect(state.screen == .home)
    #expect(seen.activated == [.start])
    #expect(pressedColors.all == [0xFFFFFF, 0x083B78, 0xFFFFFF])
    #expect(shell.heartbeat.frameCount >= 3)
    #expect(shell.heartbeat.lastTouch != nil)
  }

  @Test("nothing happens, so the loop does not wake until the deadline of the state")
  func idle() throws {
    let shell = try shell()
    let deadline = Self.moment().uptime.adding(.milliseconds(700))
    let program = program(
      deadline: deadline,
      effects: { action in
        if action == .deadline { shell.stop() }
        return []
      })
    shell.run(from: Samples.state(), program)
    // The first events of a new window, then silence, then the deadline.
    #expect(shell.heartbeat.loopCount <= 6)
    #expect(Self.moment().uptime >= deadline)
    #expect(seen.actions.withLock { $0 } == [.deadline])
  }

  @Test("a deadline that never moves on does not make the loop spin")
  func stuckDeadline() throws {
    let shell = try shell()
    let seen = seen
    shell.run(
      from: Samples.state(),
      program(
        deadline: .zero,
        effects: { _ in
          if seen.actions.withLock({ $0.count }) == 4 { shell.stop() }
          return []
        }))
    #expect(shell.heartbeat.loopCount <= 10)
  }

  @Test("actions of other threads arrive in order and wake the loop")
  func mailbox() throws {
    let shell = try shell()
    let mailbox = shell.mailbox
    DispatchQueue.global().async {
      for number in 0..<1_000 { mailbox.send(.facts(.outOfService(reason: "\(number)"))) }
      shell.stop()
    }
    shell.run(from: Samples.state(), program())
    let rest = mailbox.drain()
    let all = seen.actions.withLock { $0 } + rest
    #expect(all == (0..<1_000).map { .facts(.outOfService(reason: "\($0)")) })
  }

  @Test("effects go to the runner in their order, before the glass is drawn again")
  func effects() throws {
    let shell = try shell()
    let effects: [Effect] = [
      .secret(.append(0x37, to: SecretHandle(id: 5))), .printTicketPaperSample,
    ]
    let performed = Mutex<[Effect]>([])
    var program = program(effects: { action in
      guard case .touchedNothing = action else { return [] }
      shell.stop()
      return [effects[0], .play(.key), effects[1]]
    })
    program.perform = { effect in performed.withLock { $0.append(effect) } }
    shell.mailbox.send(.touchedNothing)
    shell.run(from: Samples.state(), program)
    #expect(performed.withLock { $0 } == effects)
  }

  @Test("a scanner's characters end in the vault and come as one action")
  func scan() throws {
    let shell = try shell()
    let payload = "CONTOH-0123456789"
    let matches = Mutex<Bool?>(nil)
    let vault = vault
    let program = program(
      effects: { action in
        guard case .scanned(let handle) = action else { return [] }
        let isEqual = vault.withBytes(of: handle) { $0.elementsEqual(Array(payload.utf8)) }
        matches.withLock { $0 = isEqual }
        shell.stop()
        return []
      },
      drawn: { number, _ in
        guard number == 1 else { return }
        for byte in payload.utf8 { Self.character(byte) }
        Self.key(SDLK_RETURN)
        shell.wake()
      })
    shell.run(from: Samples.state(), program)
    #expect(matches.withLock { $0 } == true)
    #expect(seen.activated == [])
  }

  @Test("10,000 random events lose nothing and end in order")
  func random() throws {
    let shell = try shell()
    DispatchQueue.global().async {
      var numbers = SeededNumbers(seed: 11)
      for index in 0..<10_000 {
        let x = Int.random(in: -200...600, using: &numbers)
        let y = Int.random(in: -200...800, using: &numbers)
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0...2: Self.finger(SDL_FINGERDOWN, x, y)
        case 3: Self.finger(SDL_FINGERMOTION, x, y)
        case 4...6: Self.finger(SDL_FINGERUP, x, y)
        case 7: Self.character(UInt8.random(in: 0x20...0x7E, using: &numbers))
        case 8:
          let keys = [SDLK_TAB, SDLK_ESCAPE, SDLK_RETURN, SDLK_BACKSPACE, SDLK_UP, SDLK_F4]
          Self.key(keys.randomElement(using: &numbers) ?? SDLK_TAB)
        default:
          var event = SDL_Event()
          event.type = UInt32.random(in: 0x300...0x1100, using: &numbers)
          SDL_PushEvent(&event)
        }
        if index % 100 == 0 { shell.wake() }
      }
      shell.mailbox.send(.facts(.outOfService(reason: "end")))
    }
    let vault = vault
    var program = program(effects: { action in
      if action == .facts(.outOfService(reason: "end")) { shell.stop() }
      if case .scanned(let handle) = action { return [.secret(.wipe(handle))] }
      return []
    })
    program.perform = { if case .secret(.wipe(let handle)) = $0 { vault.wipe(handle) } }
    shell.run(from: Samples.state(), program)
    #expect(seen.actions.withLock { $0.last } == .facts(.outOfService(reason: "end")))
    #expect(shell.heartbeat.failureCount == 0)
    #expect(vault.population == 0)
  }

  @Test("the keyboard's ring shows, and a touch takes it away")
  func focusRing() throws {
    let shell = try shell()
    let renderer = shell.renderer
    let ring = Looks()
    shell.run(
      from: Samples.state(),
      program(drawn: { _, _ in
        // Just outside the first control's left edge.
        switch ring.add(renderer.canvas?.color(x: 36, y: 150).rgb) {
        case nil: return
        case 1: Self.key(SDLK_TAB)
        case 2: Self.finger(SDL_FINGERDOWN, 5, 590)
        default: shell.stop()
        }
        shell.wake()
      }))
    #expect(ring.all == [0xF3F5F8, 0xB35900, 0xF3F5F8])
  }

  @Test("an animation draws its own rectangle at its interval")
  func animation() throws {
    let shell = try shell()
    let rect = Rect(x: 300, y: 500, width: 50, height: 50)
    let renderer = shell.renderer
    let images = Looks()
    var program = program(drawn: { _, _ in
      if images.add(renderer.canvas?.color(x: 310, y: 510).rgb) == 4 { shell.stop() }
    })
    program.frame = { _, size, _ in
      var frame = Samples.frame(size: size)
      frame.animation = Animation(
        rect: rect,
        images: [0xFF0000, 0x00FF00, 0x0000FF].map { [.fill(rect, Color($0))] },
        interval: .milliseconds(60))
      return frame
    }
    let before = Self.moment().uptime
    shell.run(from: Samples.state(), program)
    #expect(Self.moment().uptime.since(before) >= .milliseconds(3 * 60))
    #expect(shell.heartbeat.loopCount <= 15)
    #expect(images.all == [0xFF0000, 0x00FF00, 0x0000FF, 0xFF0000])
  }

  @Test("when a session ends, no text of it stays in a cache")
  func sessionEnd() throws {
    let shell = try shell()
    let counts = Mutex<[Int]>([])
    let renderer = shell.renderer
    var program = program()
    program.reduce = { state, action, _ in
      if case .touchedNothing = action { state.session = nil }
      state.screen = .home
      return []
    }
    program.frame = { state, size, _ in
      var frame = Samples.frame(name: state.session == nil ? "attract" : "list", size: size)
      if state.session == nil { frame.controls = [] }
      return frame
    }
    program.drawn = { number, frame in
      counts.withLock { $0.append(renderer.textCount) }
      if frame.name == "attract" { shell.stop() } else { shell.mailbox.send(.touchedNothing) }
    }
    var state = Samples.state()
    state.session = SessionID(1)
    shell.run(from: state, program)
    #expect(counts.withLock { $0.first ?? 0 } > 2)
    #expect(counts.withLock { $0.last } == 0)
  }

  @Test("closing the window ends the loop")
  func close() throws {
    let shell = try shell()
    shell.run(
      from: Samples.state(),
      program(drawn: { _, _ in
        var event = SDL_Event()
        event.type = SDL_QUIT.rawValue
        SDL_PushEvent(&event)
        shell.wake()
      }))
    #expect(shell.heartbeat.frameCount >= 1)
  }
}

extension Effect {
  fileprivate static var printTicketPaperSample: Effect { .recordSurvey(SessionID(1), score: 4) }
}
