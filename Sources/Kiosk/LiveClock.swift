internal import Foundation
internal import OfficeModel
internal import Ports

/// The machine's own clocks and random numbers.
enum LiveClock {
  static func port() -> ClockPort {
    // On Linux it goes on while the machine sleeps, as deadlines and ages should.
    let start = ContinuousClock.now
    return ClockPort(
      now: {
        Moment(
          wall: Timestamp(
            milliseconds: Int64((Date.now.timeIntervalSince1970 * 1000).rounded(.down))),
          uptime: Uptime(milliseconds: Int64(start.duration(to: .now) / .milliseconds(1))))
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
}
