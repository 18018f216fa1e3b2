internal import CLinux
internal import Glibc
internal import SensitiveMemory

/// A document in memory that nobody can change any more: what the child reads is what we gave.
struct SealedDocument: ~Copyable {
  let descriptor: Int32

  /// The first `byteCount` bytes of a secret (all when nil); nil when there is no such secret or
  /// it is shorter.
  init?(_ handle: SecretHandle, of vault: SecretVault, byteCount: Int? = nil) {
    let sealed: Int32?? = unsafe vault.withBytes(of: handle) { bytes in
      let wanted = byteCount ?? bytes.count
      guard wanted >= 0, wanted <= bytes.count else { return nil }
      return unsafe Self.sealed(UnsafeRawBufferPointer(rebasing: bytes[..<wanted]))
    }
    guard case .some(.some(let descriptor)) = sealed else { return nil }
    self.descriptor = descriptor
  }

  /// Bytes that are no secret; nil when there is no memory.
  init?(_ bytes: [UInt8]) {
    guard let descriptor = unsafe bytes.withUnsafeBytes({ unsafe Self.sealed($0) }) else {
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func sealed(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    let descriptor = unsafe clinux_memfd("document")
    guard descriptor >= 0 else { return nil }
    guard unsafe write(bytes, to: descriptor), clinux_seal(descriptor) == 0,
      lseek(descriptor, 0, SEEK_SET) == 0
    else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe Glibc.write(
        descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      sent += count
    }
    return true
  }
}
