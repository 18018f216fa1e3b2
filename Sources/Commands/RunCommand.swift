internal import ArgumentParser
internal import Kiosk

/// `anjungan run --config PATH`: the kiosk.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Open the kiosk: full screen, or in a window.")

  @Option(help: "The office's folder, or its kiosk.yaml.")
  var config: String

  @Option(help: "A second file with the same keys, which wins.")
  var overlay: String?

  @Option(help: "Open a window of this size, e.g. 1080x1920, in place of the full screen.")
  var window: String?

  @Option(
    help: ArgumentHelp(
      "So many seconds old the kiosk must be to start itself anew; for its proof.",
      visibility: .hidden))
  var youngestRestart: Int?

  func run() throws {
    let end: KioskEnd
    let size = try window.map(WindowSize.init)
    do {
      let kiosk = try KioskRun(
        config: config, overlay: overlay, window: size.map { ($0.width, $0.height) },
        version: AnjunganCommand.version,
        youngestRestart: youngestRestart.map { .seconds($0) })
      // A synchronous command runs on the process's main thread, which the glass needs.
      end = try MainActor.assumeIsolated { try kiosk.run() }
    } catch {
      Terminal.complain("\(error)")
      throw ExitCode(1)
    }
    if end == .restart { throw ExitCode(end.exitStatus) }
  }
}

/// `WIDTHxHEIGHT` in pixels.
struct WindowSize {
  /// The smallest on which the controls keep their size, and the largest the renderer takes.
  static let allowed = 720...4096

  let width: Int
  let height: Int

  init(_ text: String) throws {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      Self.allowed.contains(width), Self.allowed.contains(height)
    else {
      throw ValidationError(
        "--window takes WIDTHxHEIGHT in pixels, each from 720 to 4096, e.g. 1080x1920.")
    }
    self.width = width
    self.height = height
  }
}
