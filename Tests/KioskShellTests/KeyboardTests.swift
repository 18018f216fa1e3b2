import Journey
import Screens
import Testing

@testable import KioskShell

@Suite("Keyboard") struct KeyboardTests {
  private let frame = Samples.frame()

  @Test("Tab walks the enabled controls in order and comes round")
  func walk() {
    var focus = FocusWalk()
    #expect(focus.focused == nil)
    _ = focus.handle(.next, on: frame)
    #expect(focus.focused == .start)
    _ = focus.handle(.next, on: frame)
    #expect(focus.focused == .continue)
    _ = focus.handle(.next, on: frame)
    #expect(focus.focused == .start)
    _ = focus.handle(.previous, on: frame)
    #expect(focus.focused == .continue)
    #expect(focus.handle(.enter, on: frame) == [.activate(.continue)])
    focus.touched()
    #expect(focus.focused == nil)
  }

  @Test("a new screen takes the ring away; Enter alone means the way on; Esc needs a way back")
  func newScreen() {
    var focus = FocusWalk()
    _ = focus.handle(.next, on: frame)
    focus.frameChanged(from: frame, to: Samples.frame(name: "next"))
    #expect(focus.focused == nil)
    #expect(focus.handle(.enter, on: frame) == [.activate(.continue)])
    #expect(focus.handle(.escape, on: frame) == [])
  }

  @Test("a digit presses its key, else the tile of that number")
  func digits() {
    let focus = FocusWalk()
    var tiles = frame
    tiles.controls[1].role = .tile
    #expect(focus.digit(1, on: tiles) == [.activate(.continue)])
    #expect(focus.digit(2, on: tiles) == [])
    tiles.controls.append(
      Samples.button(.digit(1), Rect(x: 0, y: 500, width: 80, height: 80), role: .key))
    #expect(focus.digit(1, on: tiles) == [.activate(.digit(1))])
    #expect(focus.digit(0, on: tiles) == [])
  }
}
