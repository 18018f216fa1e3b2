public import Journey
public import Screens

/// Where the shell finds its files: `fonts`, `icons` and `sounds` below one folder.
public struct AssetFolder: Sendable {
  public let path: String

  /// - Parameter path: the folder `Assets` of the installation.
  public init(path: String) { self.path = path }

  public func font(_ face: FontFace) -> String {
    let name =
      switch face {
      case .regular: "Inter-Regular.otf"
      case .semibold: "Inter-SemiBold.otf"
      case .bold: "Inter-Bold.otf"
      case .javanese: "NotoSansJavanese-Regular.ttf"
      }
    return "\(path)/fonts/\(name)"
  }

  /// Nil for a name that is not made of lower-case letters, digits and hyphens: an icon can never
  /// name a file elsewhere.
  public func icon(_ icon: Icon) -> String? {
    let bytes = icon.name.utf8
    let isPlain = bytes.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
    }
    guard isPlain, !bytes.isEmpty, bytes.count <= 64 else { return nil }
    return "\(path)/icons/\(icon.name).svg"
  }

  public func sound(_ sound: Sound) -> String { "\(path)/sounds/\(sound).wav" }
}
