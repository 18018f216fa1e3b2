import Testing

@testable import Scanning

@Suite("Key events to characters") struct KeyDecoderTests {
  private func type(_ codes: [(UInt16, KeyEvent.Move)], _ decoder: inout KeyDecoder) -> String {
    codes.compactMap { code, move -> String? in
      switch decoder.take(KeyEvent(code: code, move: move)) {
      case .character(let byte): String(decoding: [byte], as: UTF8.self)
      case .end: "\n"
      case .foreign: "?"
      case nil: nil
      }
    }.joined()
  }

  @Test("every key of the US layout, plain and with shift")
  func layout() {
    var decoder = KeyDecoder()
    let codes = Array(2...13) + Array(16...27) + Array(30...41) + Array(43...53) + [57]
    let plain = type(codes.map { (UInt16($0), .down) }, &decoder)
    #expect(plain == "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./ ")
    _ = decoder.take(KeyEvent(code: 54, move: .down))
    let shifted = type(codes.map { (UInt16($0), .down) }, &decoder)
    #expect(shifted == "!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"~|ZXCVBNM<>? ")
  }

  @Test("caps lock turns letters alone, shift turns them back; it may be on from the start")
  func capsLock() {
    var decoder = KeyDecoder(KeyDecoder.Held(isCapsLockOn: true))
    #expect(type([(30, .down), (2, .down)], &decoder) == "A1")
    #expect(type([(42, .down), (30, .down), (2, .down), (42, .up)], &decoder) == "a!")
    #expect(type([(58, .down), (58, .up), (30, .down)], &decoder) == "a")
  }

  @Test("both shifts count until both are up; releases and repeats type nothing")
  func shifts() {
    var decoder = KeyDecoder()
    #expect(
      type([(42, .down), (54, .down), (42, .up), (30, .down), (54, .up), (30, .down)], &decoder)
        == "Aa")
    #expect(type([(30, .repeated), (30, .up), (28, .up)], &decoder) == "")
  }

  @Test(
    "Enter, the keypad's Enter and Tab end; with Ctrl, and on keys without a character, nothing")
  func ends() {
    var decoder = KeyDecoder()
    #expect(type([(28, .down), (96, .down), (15, .down)], &decoder) == "\n\n\n")
    #expect(type([(29, .down), (30, .down), (28, .down), (29, .up)], &decoder) == "??")
    #expect(type([(59, .down), (0x2ff, .down), (1, .down)], &decoder) == "???")
    #expect(type([(79, .down), (82, .down), (69, .down)], &decoder) == "10")
  }
}
