import Foundation
import Glibc

/// A real file system of a few hundred KiB, for as long as the value lives.
public final class SmallDisk {
  public let path: String

  public init?(kibibytes: Int) {
    guard let folder = try? TemporaryFolder() else { return nil }
    path = folder.path + "-disk"
    self.folder = folder
    guard mkdir(path, 0o700) == 0,
      Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", path)
    else { return nil }
  }

  public func makeReadOnly() -> Bool { Self.run("mount", "-o", "remount,ro", path) }

  /// Writes a file of this path until the disk is full.
  public func fill(_ path: String) throws {
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    while (try? file.write(contentsOf: Data(count: 1024))) != nil {}
    try file.close()
  }

  deinit {
    _ = Self.run("umount", path)
    rmdir(path)
  }

  private let folder: TemporaryFolder

  private static func run(_ program: String, _ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/" + program)
    process.arguments = arguments
    process.standardError = nil
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// Mounting needs root.
  public static let isPossible = geteuid() == 0 && SmallDisk(kibibytes: 64) != nil
}
