import Foundation
import Glibc
import TestSupport
import Testing

/// A kiosk that comes up for the first time while nobody answers in the network: the real program, on
/// a glass that is laid out but not drawn.
@Suite("A cold boot with the cable out", .serialized, .timeLimit(.minutes(3)))
struct ColdBootTests {
  enum Network: CaseIterable, Sendable {
    /// Connections are refused.
    case refused
    /// Connections are taken, and never a word comes.
    case silent
  }

  /// The request limit is far beyond the test's: whoever waited for the network would be noticed.
  private static let requestLimit = 120
  static let patience = Duration.seconds(60)

  @Test("the glass shows itself and what needs no server works", arguments: Network.allCases)
  func boots(network: Network) async throws {
    let hole = try Hole(isListening: network == .silent)
    let folder = URL(filePath: "/tmp/cold-" + UUID().uuidString.prefix(8)).path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let kiosk = try Kiosk(folder: folder, port: hole.port)
    defer { kiosk.end() }

    try await eventually("the first frame", within: Self.patience) {
      try kiosk.scene().screen == "attract"
    }
    for (control, screen) in [
      ("start", "home"), ("requirements", "serviceList"), ("service:", "requirements"),
    ] {
      try await kiosk.touch(control)
      try await eventually("\(screen) after \(control)", within: Self.patience) {
        try kiosk.scene().screen == screen
      }
    }
  }

  /// A port on which nobody speaks.
  final class Hole {
    let port: Int
    private let descriptor: Int32

    init(isListening: Bool) throws {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      // One that is only kept free lies below those that the kernel gives to the others' servers.
      if !isListening { address.sin_port = in_port_t.random(in: 20_000..<32_000).bigEndian }
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = descriptor
      let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
      }
      try #require(status)
      if isListening { try #require(listen(descriptor, 16) == 0) }
      port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
  }

  struct Scene: Decodable {
    struct Control: Decodable {
      var name: String
      var x: Int
      var y: Int
      var width: Int
      var height: Int
    }
    var screen: String
    var controls: [Control]
  }

  final class Kiosk {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../..").standardized.path
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "torture-kiosk")

    private let process = Process()
    private let fingers = Pipe()
    private let socket: String
    /// The port of its health report.
    let health: Int

    init(
      folder: String, port: Int, store: String? = nil,
      printer: String = "ipp://127.0.0.1:9/ipp/print"
    ) throws {
      health = try Hole(isListening: false).port
      socket = folder + "/scene"
      try write("token", "token-untuk-pengujian")
      for name in ["store.key", "lookup.key"] {
        try write(name, String(repeating: "ab", count: 32))
      }
      try write(
        "overlay.yaml",
        """
        demonstration: true
        sceneSocket: \(socket)
        devices:
          documentPrinter: {uri: "\(printer)"}
          ticketPrinter: {address: "127.0.0.1:9"}
          cardReader: {enabled: false}
        server:
          url: http://127.0.0.1:\(port)
          kioskID: uji-1
          tokenFile: \(folder)/token
          connectTimeout: 60
          requestTimeout: \(ColdBootTests.requestLimit)
        storage:
          directory: \(store ?? folder + "/store")
          minimumFreeMiB: 1
          storeKeyFile: \(folder)/store.key
          lookupKeyFile: \(folder)/lookup.key
        trust:
          directory: \(Self.checkout)/kiosk-config/trust/demonstration
          policy: demonstration
        health: {address: "127.0.0.1:\(health)"}
        """)
      process.executableURL = Self.program
      process.arguments = [
        "--config", Self.checkout + "/kiosk-config/offices/tabalong", "--overlay",
        folder + "/overlay.yaml", "--assets", Self.checkout + "/Assets",
      ]
      process.standardInput = fingers
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()

      func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        try #require(chmod(path, 0o600) == 0)
      }
    }

    func scene() throws -> Scene {
      // Nobody is there yet, or nothing was drawn yet.
      guard let line = try? UnixSocket.ask(socket, ""),
        let scene = try? JSONDecoder().decode(Scene.self, from: Data(line.utf8))
      else { return Scene(screen: "", controls: []) }
      return scene
    }

    /// The first control whose name begins so.
    func touch(_ name: String) async throws {
      var found: Scene.Control?
      try await eventually(name, within: ColdBootTests.patience) {
        found = try scene().controls.first { $0.name.hasPrefix(name) }
        return found != nil
      }
      let control = try #require(found)
      let (x, y) = (control.x + control.width / 2, control.y + control.height / 2)
      try fingers.fileHandleForWriting.write(contentsOf: Data("tap \(x) \(y)\n".utf8))
    }

    func end() { process.terminate() }
  }
}
