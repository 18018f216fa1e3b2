internal import Glibc

/// Tells when something came into one of the folders or changed its rights there (inotify).
struct FolderWatch: ~Copyable {
  /// Readable when there is news; -1 where the machine gives none.
  let file: Int32

  init(_ folders: Set<String>) {
    file = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    // A folder that is not there yet is looked for by the pause between two searches.
    for folder in folders {
      // udev gives a new device to its group a moment after it came: that is IN_ATTRIB.
      _ = unsafe inotify_add_watch(file, folder, UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB))
    }
  }

  deinit { if file >= 0 { close(file) } }

  /// Takes the news; their words do not matter.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while unsafe read(file, &buffer, buffer.count) > 0 {}
  }
}
