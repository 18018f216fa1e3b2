import Journey
import Screens
import Testing

@testable import KioskShell

@Suite("Keyboard and scanner") struct KeyboardTests {
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

  @Test("characters that come fast and end with Enter are a scan")
  func scan() {
    var collector = ScanCollector()
    var outputs: [ScanCollector.Output] = []
    for (index, byte) in "QR-12345".utf8.enumerated() {
      outputs += collector.character(byte, at: Int64(index * 5))
    }
    outputs += collector.enter(at: 40)
    #expect(outputs == "QR-12345".utf8.map { .collect($0) } + [.finished])
    #expect(collector.deadline == nil)
  }

  @Test("slow characters are a person's and come out one by one")
  func person() {
    var collector = ScanCollector()
    #expect(collector.character(0x31, at: 0) == [])
    #expect(collector.deadline == 80)
    #expect(collector.silence(at: 79) == [])
    #expect(collector.silence(at: 80) == [.typed(0x31)])
    #expect(collector.character(0x32, at: 200) == [])
    #expect(collector.character(0x33, at: 400) == [.typed(0x32)])
    #expect(collector.enter(at: 420) == [.typed(0x33), .enter])
  }

  @Test("half a scan goes, and so does one that is too long")
  func broken() {
    var collector = ScanCollector()
    for index in 0..<10 { _ = collector.character(0x41, at: Int64(index)) }
    #expect(collector.silence(at: 100) == [.discarded])
    // Its late end neither types nor presses Enter.
    #expect(collector.character(0x32, at: 130) == [])
    #expect(collector.character(0x33, at: 500) == [])
    #expect(collector.enter(at: 900) == [])

    var outputs: [ScanCollector.Output] = []
    for index in 0..<600 { outputs += collector.character(0x41, at: 2_000 + Int64(index)) }
    outputs += collector.enter(at: 2_601)
    #expect(outputs.filter { $0 == .collect(0x41) }.count == ScanCollector.limitBytes)
    #expect(outputs.last == .discarded)
    #expect(!outputs.contains(.finished) && !outputs.contains(.enter))
    #expect(collector.character(0x31, at: 9_000) == [])
    #expect(collector.silence(at: 9_080) == [.typed(0x31)])
  }
}
