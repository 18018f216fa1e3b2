import Journey
import Screens
import Testing

@testable import KioskShell

@Suite("Touches") struct TouchTrackerTests {
  private let frame = Samples.frame()
  private let first = TouchTracker.Source.finger(1)
  private let second = TouchTracker.Source.finger(2)

  private func event(
    _ source: TouchTracker.Source, _ kind: TouchTracker.Kind, _ x: Int, _ y: Int, at: Int64
  ) -> TouchTracker.Event {
    TouchTracker.Event(source: source, kind: kind, x: x, y: y, at: at)
  }

  @Test("down shows the pressed look, letting go inside means the control")
  func tap() {
    var touches = TouchTracker()
    #expect(touches.handle(event(first, .down, 100, 150, at: 0), on: frame) == [])
    #expect(touches.pressed == .start)
    #expect(touches.handle(event(first, .up, 120, 160, at: 90), on: frame) == [.activate(.start)])
    #expect(touches.pressed == nil)
  }

  @Test("the hit area is larger than the shape by half the gap")
  func hitArea() {
    #expect(TouchTracker.hit(frame, 34, 95)?.control == .start)
    #expect(TouchTracker.hit(frame, 32, 95) == nil)
    #expect(TouchTracker.hit(frame, 347, 100) == nil)
    #expect(TouchTracker.hit(frame, 346, 100)?.control == .start)
  }

  @Test("sliding off means nothing, also after coming back")
  func slideOff() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 150, at: 0), on: frame)
    #expect(touches.handle(event(first, .move, 100, 220, at: 10), on: frame) == [.touchedNothing])
    #expect(touches.pressed == nil)
    #expect(touches.handle(event(first, .move, 100, 150, at: 20), on: frame) == [])
    #expect(touches.handle(event(first, .up, 100, 150, at: 30), on: frame) == [])
  }

  @Test("a finger that jumps to another control presses neither")
  func jump() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 150, at: 0), on: frame)
    #expect(touches.handle(event(first, .up, 100, 290, at: 90), on: frame) == [.touchedNothing])
  }

  @Test("a greyed control and the ground say only that somebody is there")
  func nothing() {
    var touches = TouchTracker()
    #expect(touches.handle(event(first, .down, 100, 430, at: 0), on: frame) == [.touchedNothing])
    #expect(touches.handle(event(first, .up, 100, 430, at: 90), on: frame) == [])
    #expect(touches.handle(event(first, .down, 5, 590, at: 200), on: frame) == [.touchedNothing])
  }

  @Test("a second finger neither acts nor disturbs the first")
  func secondFinger() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 150, at: 0), on: frame)
    #expect(touches.handle(event(second, .down, 100, 290, at: 10), on: frame) == [])
    #expect(touches.pressed == .start)
    #expect(touches.handle(event(second, .up, 100, 290, at: 20), on: frame) == [])
    #expect(touches.handle(event(first, .up, 100, 150, at: 90), on: frame) == [.activate(.start)])
  }

  @Test("the same control within 80 ms is one shaking finger; another control is not")
  func debounce() {
    var touches = TouchTracker()
    func tap(_ y: Int, down: Int64, up: Int64) -> [Action] {
      touches.handle(event(first, .down, 100, y, at: down), on: frame)
        + touches.handle(event(first, .up, 100, y, at: up), on: frame)
    }
    #expect(tap(150, down: 0, up: 50) == [.activate(.start)])
    #expect(tap(150, down: 129, up: 140) == [])
    #expect(tap(150, down: 130, up: 150) == [.activate(.start)])
    #expect(tap(290, down: 160, up: 170) == [.activate(.continue)])
  }

  @Test("the mouse works, but not in the 100 ms after a finger")
  func mouse() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 150, at: 0), on: frame)
    _ = touches.handle(event(first, .up, 100, 150, at: 50), on: frame)
    #expect(touches.handle(event(.mouse, .down, 100, 290, at: 149), on: frame) == [])
    #expect(touches.pressed == nil)
    #expect(touches.handle(event(.mouse, .up, 100, 290, at: 149), on: frame) == [])
    _ = touches.handle(event(.mouse, .down, 100, 290, at: 150), on: frame)
    #expect(touches.pressed == .continue)
    #expect(
      touches.handle(event(.mouse, .up, 100, 290, at: 200), on: frame) == [.activate(.continue)])
  }

  @Test("a touch that began on one screen means nothing on the next")
  func screenChange() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 290, at: 0), on: frame)
    let next = Samples.frame(name: "next")
    #expect(touches.frameChanged(from: frame, to: next) == [])
    #expect(touches.pressed == nil)
    #expect(touches.handle(event(first, .up, 100, 290, at: 90), on: next) == [])
  }

  @Test("a hold goes down and always comes up: let go, slid off, screen gone, input lost")
  func hold() {
    var held = frame
    held.controls[0].role = .hold
    let isDown = [Action.hold(.start, isDown: true)]
    let isUp = [Action.hold(.start, isDown: false)]
    for end in 0..<4 {
      var touches = TouchTracker()
      #expect(touches.handle(event(first, .down, 100, 150, at: 0), on: held) == isDown)
      // The picture shows more while it is held; the control stays.
      var revealed = held
      revealed.backdrop = []
      #expect(touches.frameChanged(from: held, to: revealed) == [])
      switch end {
      case 0: #expect(touches.handle(event(first, .up, 100, 150, at: 900), on: revealed) == isUp)
      case 1:
        let slid = touches.handle(event(first, .move, 5, 5, at: 900), on: revealed)
        #expect(slid == isUp + [.touchedNothing])
      case 2:
        #expect(touches.frameChanged(from: revealed, to: Samples.frame(name: "other")) == isUp)
      default: #expect(touches.cancel() == isUp)
      }
      #expect(touches.pressed == nil)
    }
  }

  @Test("a panel that never reports the lifting does not lock everybody out")
  func lostFinger() {
    var touches = TouchTracker()
    _ = touches.handle(event(first, .down, 100, 150, at: 0), on: frame)
    #expect(touches.handle(event(second, .down, 100, 290, at: 14_999), on: frame) == [])
    #expect(touches.pressed == .start)
    _ = touches.handle(event(second, .down, 100, 290, at: 15_000), on: frame)
    #expect(touches.pressed == .continue)
  }

  @Test("10,000 random events act only on what was pressed and let go")
  func random() {
    var numbers = SeededNumbers(seed: 7)
    var touches = TouchTracker()
    var at: Int64 = 0
    var activations = 0
    var (x, y) = (0, 0)
    for _ in 0..<10_000 {
      at += Int64.random(in: 0...60, using: &numbers)
      let source = [first, second, .mouse].randomElement(using: &numbers) ?? first
      let kind = [TouchTracker.Kind.down, .move, .up].randomElement(using: &numbers) ?? .down
      let before = touches.pressed
      if Int.random(in: 0..<4, using: &numbers) == 0 {
        x = Int.random(in: -50...450, using: &numbers)
        y = Int.random(in: -50...650, using: &numbers)
      }
      for action in touches.handle(event(source, kind, x, y, at: at), on: frame) {
        guard case .activate(let control) = action else { continue }
        activations += 1
        #expect(kind == .up && before == control)
        #expect(control != .print)
        #expect(TouchTracker.hit(frame, x, y)?.control == control)
      }
    }
    #expect(activations > 20)
  }
}
