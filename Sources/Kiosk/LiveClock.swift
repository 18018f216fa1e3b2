internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import OfficeModel
internal import Ports
internal import SyncEngine
internal import Synchronization

/// The machine's own clocks, and the time that the kiosk builds on.
final class LiveClock: Sendable {
  private let clock: Mutex<TrustedClock>
  private let limits: TrustedClock.Limits
  private let bootID: String
  private let start: Uptime

  /// - Parameter jumpLimit: How long the machine may have been off without its clock being doubted.
  init(jumpLimit: Duration) {
    limits = TrustedClock.Limits(built: Self.built, jump: jumpLimit)
    bootID = Self.readBootID()
    let reading = Self.read()
    start = reading.boot
    clock = Mutex(TrustedClock(limits, bootID: bootID, memory: nil, lastTicket: nil, reading))
  }

  /// Goes on from what the last run knew.
  func resume(_ memory: ClockMemory?, lastTicket: Timestamp?) {
    clock.withLock {
      $0 = TrustedClock(
        limits, bootID: bootID, memory: memory, lastTicket: lastTicket, Self.read())
    }
  }

  func port() -> ClockPort {
    ClockPort(
      now: { [self] in
        let boot = Self.read().boot
        return Moment(wall: clock.withLock { $0.time(at: boot) }, uptime: uptime(boot))
      },
      sleep: { duration in try await Task.sleep(for: duration, clock: .continuous) },
      trust: { [self] in
        let reading = Self.read()
        return clock.withLock { clock in
          clock.look(reading)
          return clock.trust
        }
      },
      serverTold: { [self] time, asked in
        let reading = Self.read()
        _ = clock.withLock {
          $0.serverTold(
            time, asked: Uptime(milliseconds: asked.milliseconds + start.milliseconds),
            received: reading)
        }
      },
      machine: { Self.read().machine },
      staffConfirmed: { [self] time in
        let boot = Self.read().boot
        return clock.withLock { $0.staffConfirmed(time, at: boot) }
      },
      memory: { [self] in
        let boot = Self.read().boot
        return clock.withLock { $0.memory(at: boot) }
      })
  }

  private func uptime(_ boot: Uptime) -> Uptime {
    Uptime(milliseconds: boot.milliseconds - start.milliseconds)
  }

  // MARK: The machine

  private static func read() -> TrustedClock.Reading {
    TrustedClock.Reading(
      machine: Timestamp(milliseconds: clinux_clock_milliseconds(CLOCK_REALTIME)),
      // Goes on while the machine sleeps, as deadlines and ages should.
      boot: Uptime(milliseconds: clinux_clock_milliseconds(CLOCK_BOOTTIME)))
  }

  /// The kernel's name for this start of the machine.
  private static func readBootID() -> String {
    let file = unsafe Glibc.open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)].prefix { $0 != 0x0A }, as: UTF8.self)
  }

  /// The day before this was compiled: the compiler does not say in which zone its day is.
  static let built: Timestamp = {
    let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(separator: " ")
    let text = unsafe String(cString: clinux_build_date())
    let parts = text.split(separator: " ")
    guard parts.count == 3, let month = months.firstIndex(of: parts[0]), let day = Int(parts[1]),
      let year = Int(parts[2]), let date = CivilDate(year: year, month: month + 1, day: day)
    else { preconditionFailure("the compiler's date has an unknown form") }
    return Timestamp(seconds: Int64(date.daysSinceEpoch - 1) * 86_400)
  }()

  // MARK: Chance

  static func identifiers() -> IdentifierPort {
    IdentifierPort(
      make: {
        var generator = SystemRandomNumberGenerator()
        let words = [generator.next(), generator.next()] as [UInt64]
        return words.map { word in
          let digits = String(word, radix: 16)
          return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
      },
      random: { Double.random(in: $0) })
  }
}
