internal import Glibc
internal import OfficeModel
internal import Ports

/// The machine's own clocks and random numbers.
enum LiveClock {
  static func port() -> ClockPort {
    let start = monotonicMilliseconds()
    return ClockPort(
      now: {
        Moment(
          wall: Timestamp(milliseconds: milliseconds(CLOCK_REALTIME)),
          uptime: Uptime(milliseconds: monotonicMilliseconds() - start))
      },
      sleep: { duration in try await Task.sleep(for: duration, clock: .continuous) })
  }

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

  // CLOCK_BOOTTIME goes on while the machine sleeps, as deadlines and ages should.
  private static func monotonicMilliseconds() -> Int64 { milliseconds(CLOCK_BOOTTIME) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
