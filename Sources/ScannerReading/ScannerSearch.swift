internal import Glibc
internal import OfficeModel

/// Finds and takes the devices of one scanner. A scanner may be several devices of the kernel; all
/// that can type are taken, or one of them would press buttons.
struct ScannerSearch {
  /// Where the kernel's devices appear.
  static let usualFolder = "/dev/input"
  /// More devices than any kiosk has; the search opens each of them.
  static let devicesLimit = 64

  var folder = ScannerSearch.usualFolder
  /// In a demonstration a pipe stands in for a device.
  var acceptsPipes = false

  /// Takes what is there and not taken yet.
  /// - Parameters:
  ///   - taken: paths that are ours already.
  ///   - found: gets each device that was taken.
  /// - Returns: nil when nothing stands in the way, otherwise what does.
  func take(
    _ scanner: TypingScanner, except taken: Set<String>, _ found: (consuming EventDevice) -> Void
  ) -> ScannerState? {
    let paths =
      if case .path(let path) = scanner.sign { [path] } else { devices() }
    var obstacle: ScannerState?
    var isThere = false
    for path in paths where !taken.contains(path) {
      do throws(EventDevice.Refusal) {
        let device = try EventDevice(path: path, acceptsPipes: acceptsPipes)
        guard device.bears(scanner.sign) else { continue }
        isThere = true
        try device.grab()
        found(device)
      } catch {
        // Of a device that is not named by its path nobody knows whether it is the one.
        if paths.count == 1 || error.state == .busy || error.state == .notPermitted {
          obstacle = obstacle == .busy ? .busy : error.state
        }
      }
    }
    return isThere && obstacle == .notPermitted ? nil : obstacle
  }

  private func devices() -> [String] {
    guard let listing = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(listing) }
    var names: [String] = []
    while names.count < Self.devicesLimit, let entry = unsafe readdir(listing) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name.hasPrefix("event") { names.append(folder + "/" + name) }
    }
    return names.sorted()
  }
}
