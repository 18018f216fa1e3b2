internal import Glibc

/// Finds the folder `Assets`: named by the configuration, installed beside the program, or above it
/// in a checkout.
enum AssetSearch {
  static func folder(configured: String?) throws(KioskProblem) -> String {
    let candidates =
      configured.map { [$0] } ?? [
        ProgramFolder.path(of: "Assets"), ProgramFolder.path(of: "../share/anjungan/Assets"),
        ProgramFolder.path(of: "../../../Assets"),
      ]
    guard let found = candidates.first(where: { unsafe access($0 + "/fonts", R_OK | X_OK) == 0 })
    else {
      throw KioskProblem(
        "The folder of fonts, icons and strings is not in \(candidates.joined(separator: ", "))",
        advice: "Set display.assets in kiosk.yaml.")
    }
    return found
  }
}
