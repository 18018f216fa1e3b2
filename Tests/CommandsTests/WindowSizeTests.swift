import Testing

@testable import Commands

@Suite struct WindowSizeTests {
  @Test("a window's size is WIDTHxHEIGHT in pixels", arguments: [("1080x1920", 1080, 1920)])
  func size(_ text: String, _ width: Int, _ height: Int) throws {
    let size = try WindowSize(text)
    #expect(size.width == width)
    #expect(size.height == height)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "x", "1080", "1080x", "x1920", "1080x1920x3", "-1x5", "719x1920", "1080x4097",
      "99999999999999999999x1", "1080 x 1920",
    ])
  func refused(_ text: String) {
    #expect(throws: (any Error).self) { try WindowSize(text) }
  }
}
