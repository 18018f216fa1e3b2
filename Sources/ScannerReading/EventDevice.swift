internal import CInput
internal import CLinux
internal import Glibc
internal import OfficeModel
internal import Scanning

/// One open input device. Read by plain `read(2)` and half a dozen ioctls: libevdev would bring what
/// is not wanted here (it mends a scan after lost events, which this kiosk throws away) and takes
/// nothing but a device of the kernel, so that no recorded stream could be read with it.
///
/// A pipe stands in for a device in demonstrations and tests: the same records, and a lock of the file
/// (`flock`) in the place of the grab. Elsewhere a pipe is refused.
///
/// Safe, since its one pointer never leaves it and has a fixed size.
@safe struct EventDevice: ~Copyable {
  static let recordBytes = 24
  /// Records of one read; a scan of 512 characters has 4096.
  private static let bufferBytes = recordBytes * 64
  /// A device that never stops must not keep the others waiting.
  private static let readsAtOnce = 64

  enum Read: Equatable {
    /// - at: milliseconds of CLOCK_MONOTONIC.
    case key(KeyEvent, at: Int64)
    /// Events are missing here; this is held now.
    case lost(KeyDecoder.Held)
    case unplugged
  }

  let file: Int32
  let path: String
  private let isPipe: Bool
  private let buffer: UnsafeMutableRawPointer
  /// After SYN_DROPPED until the next SYN_REPORT: what comes is not whole.
  private var isDropping = false

  /// - Throws: why it cannot be used.
  init(path: String, acceptsPipes: Bool) throws(Refusal) {
    let file = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { throw Refusal(errno: errno) }
    var status = stat()
    let isPipe = unsafe fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    var vendor: UInt16 = 0
    var product: UInt16 = 0
    guard isPipe ? acceptsPipes : unsafe clinux_input_ids(file, &vendor, &product) == 0 else {
      close(file)
      throw Refusal(state: .unusable)
    }
    self.file = file
    self.path = path
    self.isPipe = isPipe
    unsafe buffer = .allocate(byteCount: Self.bufferBytes, alignment: 8)
  }

  deinit {
    unsafe clinux_wipe(buffer, Self.bufferBytes)
    unsafe buffer.deallocate()
    close(file)
  }

  /// Why a device cannot be used, as far as the kernel says.
  struct Refusal: Error, Equatable {
    let state: ScannerState
    init(state: ScannerState) { self.state = state }
    init(errno: Int32) {
      state =
        switch errno {
        case ENOENT, ENODEV, ENXIO, ENOTDIR: .absent
        case EACCES, EPERM: .notPermitted
        case EBUSY, EWOULDBLOCK: .busy
        default: .unusable
        }
    }
  }

  /// Whether it is the one that the office means; a device of a folder must also be able to type.
  func bears(_ sign: TypingScanner.Sign) -> Bool {
    switch sign {
    case .path(let path): return path == self.path
    case .name(let part):
      var name = [CChar](repeating: 0, count: 256)
      guard unsafe clinux_input_name(file, &name, 255) > 0 else { return false }
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self).contains(part) && canType
    case .ids(let vendor, let product):
      var found: (vendor: UInt16, product: UInt16) = (0, 0)
      guard unsafe clinux_input_ids(file, &found.vendor, &found.product) == 0 else { return false }
      return found.vendor == vendor && found.product == product && canType
    }
  }

  private var canType: Bool { clinux_input_types(file) != 0 }

  /// From now on its keys come here and nowhere else.
  func grab() throws(Refusal) {
    guard !isPipe else {
      guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw Refusal(errno: errno) }
      return
    }
    guard clinux_input_grab(file) == 0 else { throw Refusal(errno: errno) }
    guard clinux_input_use_monotonic(file) == 0 else { throw Refusal(errno: errno) }
  }

  var held: KeyDecoder.Held {
    KeyDecoder.Held(
      keys: KeyDecoder.modifiers.filter { clinux_input_is_held(file, UInt32($0)) != 0 },
      isCapsLockOn: clinux_input_has_caps_lock(file) != 0)
  }

  /// Hands everything that is there to `take`, and leaves none of it in memory.
  mutating func drain(_ take: (Read) -> Void) {
    for _ in 0..<Self.readsAtOnce {
      let count = unsafe read(file, buffer, Self.bufferBytes)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      // A pipe whose writer has gone ends; a device that was pulled out says ENODEV.
      guard count > 0 else { return take(.unplugged) }
      let whole = count / Self.recordBytes
      for index in 0..<whole {
        if let event = unsafe parse(buffer + index * Self.recordBytes) { take(event) }
      }
      unsafe clinux_wipe(buffer, count)
      if count % Self.recordBytes != 0 { take(.lost(held)) }
    }
  }

  private mutating func parse(_ record: UnsafeMutableRawPointer) -> Read? {
    let seconds = unsafe record.loadUnaligned(as: Int64.self)
    let micros = unsafe record.loadUnaligned(fromByteOffset: 8, as: Int64.self)
    let type = unsafe record.loadUnaligned(fromByteOffset: 16, as: UInt16.self)
    let code = unsafe record.loadUnaligned(fromByteOffset: 18, as: UInt16.self)
    let value = unsafe record.loadUnaligned(fromByteOffset: 20, as: Int32.self)
    switch (Int32(type), Int32(code)) {
    case (EV_SYN, SYN_DROPPED):
      isDropping = true
      return nil
    case (EV_SYN, SYN_REPORT) where isDropping:
      isDropping = false
      return .lost(held)
    case (EV_KEY, _) where !isDropping:
      guard let move = KeyEvent.Move(rawValue: value) else { return nil }
      let at = seconds.multipliedReportingOverflow(by: 1000)
      guard !at.overflow else { return .lost(held) }
      return .key(
        KeyEvent(code: code, move: move), at: at.partialValue &+ micros / 1000)
    default:
      return nil
    }
  }
}
