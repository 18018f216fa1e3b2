import Glibc
import TestSupport
import Testing

@testable import Kiosk

@Suite struct SceneSocketTests {
  private func reader(_ path: String) throws -> Int32 {
    let reader = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(reader, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    return reader
  }

  /// One line without its end; nil when the other side has closed.
  private func line(_ reader: Int32) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(reader, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  @Test("who connects gets the current frame first and every later one in order")
  func frames() throws {
    let folder = try TemporaryFolder()
    let scene = try SceneSocket(path: folder.path + "/scene")
    defer { scene.close() }
    scene.show("{\"frame\":1}")
    let first = try reader(folder.path + "/scene")
    defer { close(first) }
    #expect(line(first) == "{\"frame\":1}")
    for number in 2...20 { scene.show("{\"frame\":\(number)}") }
    for number in 2...20 { #expect(line(first) == "{\"frame\":\(number)}") }
  }

  @Test("a reader that reads nothing is let go and holds nobody up")
  func slowReader() throws {
    let folder = try TemporaryFolder()
    let scene = try SceneSocket(path: folder.path + "/scene")
    defer { scene.close() }
    scene.show("start")
    let slow = try reader(folder.path + "/scene")
    defer { close(slow) }
    #expect(line(slow) == "start")
    let long = String(repeating: "x", count: 100_000)
    for _ in 0..<SceneSocket.waitingLimit { scene.show(long) }
    // Whoever comes now is served, after all that was shown before.
    let next = try reader(folder.path + "/scene")
    defer { close(next) }
    #expect(line(next) == long)
    // By then the slow one's buffer was full: what it got comes, and then the end of its stream.
    var got = 0
    while line(slow) != nil { got += 1 }
    #expect(got < SceneSocket.waitingLimit)
  }

  @Test("closing ends every reader and takes the socket away")
  func closing() throws {
    let folder = try TemporaryFolder()
    let scene = try SceneSocket(path: folder.path + "/scene")
    scene.show("one")
    let open = try reader(folder.path + "/scene")
    defer { close(open) }
    #expect(line(open) == "one")
    scene.close()
    #expect(line(open) == nil)
  }

  @Test("a path that is too long for a socket is refused with advice")
  func longPath() throws {
    let folder = try TemporaryFolder()
    #expect(throws: KioskProblem.self) {
      try SceneSocket(path: folder.path + "/" + String(repeating: "s", count: 120))
    }
  }
}
