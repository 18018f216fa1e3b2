internal import CHandover
internal import CLinux
internal import Glibc

/// The one document of this process: read from a file, or waited for on a socket that carries it
/// as a sealed memory file.
@safe
enum DocumentInput {
  /// Nobody is there any more to hear an answer.
  case nobody
  case unreadable
  case bytes([UInt8])
  /// Mapped until the process ends; the seals promise that nobody changes it.
  case mapped(UnsafeRawBufferPointer)

  /// - Parameter limit: bytes; one more is taken when there is more, so that it shows.
  static func read(_ descriptor: Int32, limit: Int) -> DocumentInput {
    if Files.isSocket(descriptor) { return wait(descriptor, limit: limit) }
    guard let bytes = try? Files.read(descriptor, limit: limit) else { return .unreadable }
    return .bytes(bytes)
  }

  private static func wait(_ socket: Int32, limit: Int) -> DocumentInput {
    let file = clinux_receive_file(socket)
    if file == Int32(CLINUX_PEER_GONE) { return .nobody }
    guard file >= 0, clinux_is_sealed(file) == 1, let size = Files.size(file) else {
      return .unreadable
    }
    let count = min(size, limit + 1)
    // A mapping cannot be empty.
    if count == 0 { return .bytes([]) }
    let memory = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0)
    guard unsafe memory != MAP_FAILED else { return .unreadable }
    return unsafe .mapped(UnsafeRawBufferPointer(start: memory, count: count))
  }
}
