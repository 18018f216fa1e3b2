import DinasProtocol
import OfficeModel

/// Wrong PINs in a row, by the keyed NIK they were tried on. A code that is scanned is not counted: it
/// holds more chance than anybody can try, and one count for all would let anybody lock everybody.
struct PINTries: Sendable {
  /// More NIKs than a demonstration ever has; beyond it the answer is 429.
  static let niksLimit = 10_000

  private struct Count: Sendable {
    var failures = 0
    var lockedUntil: Timestamp?
  }

  private let rule: OfficeFile.Tries
  private var counts: [String: Count] = [:]

  init(_ rule: OfficeFile.Tries) { self.rule = rule }

  var limit: Int { rule.limit }

  /// Nil: tries are judged.
  func lockedUntil(_ nikKey: String, at now: Timestamp) -> Timestamp? {
    counts[nikKey]?.lockedUntil.flatMap { $0 > now ? $0 : nil }
  }

  /// - Returns: How many tries are left.
  mutating func countWrong(_ nikKey: String, at now: Timestamp) throws(DinasRefusal) -> Int {
    if counts[nikKey] == nil, counts.count >= Self.niksLimit {
      counts = counts.filter { lockedUntil($0.key, at: now) != nil }
      guard counts.count < Self.niksLimit else {
        throw DinasRefusal(.tooManyRequests, "too many credentials are locked")
      }
    }
    var count = counts[nikKey] ?? Count()
    // A lock that is over has begun anew.
    if count.lockedUntil != nil { count = Count() }
    count.failures += 1
    if count.failures >= rule.limit {
      count.lockedUntil = now.adding(.seconds(rule.lockMinutes * 60))
    }
    counts[nikKey] = count
    return max(0, rule.limit - count.failures)
  }

  /// The holder proved to be one.
  mutating func clear(_ nikKey: String) { counts[nikKey] = nil }

  func locked(at now: Timestamp) -> Int {
    counts.keys.count { lockedUntil($0, at: now) != nil }
  }
}
