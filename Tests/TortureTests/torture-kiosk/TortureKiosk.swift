import ArgumentParser
import Kiosk
import KioskShell

/// The kiosk as it is, all but its window: the rooms are put together by the same composition root
/// as those of `anjungan run`, on a glass that is laid out but not drawn.
@main
struct TortureKiosk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "torture-kiosk",
    abstract: "A kiosk without a window, touched over its standard input.",
    discussion: "Takes lines: tap X Y, down X Y, up X Y. Tells what the glass was answered.")

  @Option(help: "The office's folder, or its kiosk.yaml.")
  var config: String

  @Option(help: "A second file with the same keys, which wins.")
  var overlay: String?

  @Option(help: "The folder of fonts, icons and strings.")
  var assets: String

  // Synchronous, so that the main thread stays the glass's.
  func run() throws {
    let kiosk = try KioskRun(config: config, overlay: overlay, window: nil, version: "torture")
    let fonts = try FontBook(assets: AssetFolder(path: assets))
    try MainActor.assumeIsolated {
      _ = try kiosk.run { _ in HeadlessGlass(fonts: fonts) }
    }
  }
}
