/// The weight of one element in the satisfaction index (SKM, PermenPANRB 14/2017). Printed sheets
/// round 1/9 to 0.111 or 0.11, which moves the index by up to a point; the exact share is the rule
/// here and the others exist to reproduce a sheet that was counted that way.
public enum SurveyWeight: String, Hashable, Sendable, Codable, CaseIterable {
  case exact
  /// 0.111
  case threeDecimals
  /// 0.11
  case twoDecimals

  /// Numerator and denominator for `elements` elements of equal weight.
  func fraction(elements: Int) -> (Int128, Int128) {
    let digits: Int128 =
      switch self {
      case .exact: 0
      case .threeDecimals: 1000
      case .twoDecimals: 100
      }
    // A printed weight is the exact one rounded half up.
    return digits == 0
      ? (1, Int128(elements)) : ((2 * digits + Int128(elements)) / (2 * Int128(elements)), digits)
  }
}

/// A value with two decimals, kept in hundredths so that a band never hangs on a binary fraction.
public struct Hundredths: Hashable, Comparable, Sendable {
  public let value: Int
  public init(_ value: Int) { self.value = value }
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }

  /// As Indonesian prints it: `80,81`.
  public var text: String { "\(value / 100),\(padded(value % 100, 2))" }
}

/// The quality letter (*mutu pelayanan*) of an index.
public enum ServiceQuality: String, Hashable, Sendable, CaseIterable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"

  /// From the index already rounded to two decimals, so that nothing falls between two bands.
  public init(index: Hundredths) {
    switch index.value {
    case 8831...: self = .a
    case 7661...: self = .b
    case 6500...: self = .c
    default: self = .d
    }
  }
}

/// Answers counted for each element of the survey. Which elements there are, and in which order, is
/// data of the office; raw sums are kept and rounding happens once, at the end.
public struct SurveyTally: Hashable, Sendable {
  public static let scores = 1...4
  /// More than an office asks in a century; keeps the arithmetic inside its integers.
  public static let answersLimit = 100_000_000

  public private(set) var sums: [Int]
  public private(set) var counts: [Int]

  /// Nine elements (U1 to U9) unless the office asks otherwise; between 1 and 20.
  public init(elements: Int = 9) {
    let elements = min(max(elements, 1), 20)
    sums = Array(repeating: 0, count: elements)
    counts = Array(repeating: 0, count: elements)
  }

  /// Counts one answer; false for a score or an element that does not exist.
  @discardableResult
  public mutating func add(score: Int, element: Int) -> Bool {
    guard sums.indices.contains(element), Self.scores.contains(score),
      counts[element] < Self.answersLimit
    else { return false }
    sums[element] += score
    counts[element] += 1
    return true
  }

  /// NRR of one element: its mean score with four decimals, in ten-thousandths, rounded half up.
  public func meanTenThousandths(element: Int) -> Int? {
    guard sums.indices.contains(element), counts[element] > 0 else { return nil }
    return (2 * sums[element] * 10_000 + counts[element]) / (2 * counts[element])
  }

  /// The index on the scale 25 to 100: sum of mean x weight, times 25, rounded once, half up. Nil
  /// until every element has an answer.
  public func index(weight: SurveyWeight = .exact) -> Hundredths? {
    guard counts.allSatisfy({ $0 > 0 }) else { return nil }
    let (numerator, denominator) = weight.fraction(elements: sums.count)
    let scale = numerator * 2500
    let sum = fractionSum()
    // floor(x + 1/2) with x = sum * scale / denominator
    let below = 2 * sum.denominator * denominator
    return Hundredths(Int((2 * sum.numerator * scale + sum.denominator * denominator) / below))
  }

  public var quality: ServiceQuality? { index().map(ServiceQuality.init(index:)) }

  /// The sum of the means as one fraction: exact while the counts' common multiple stays small, as it
  /// does when everybody answers every question. Otherwise each mean is taken to 2^-40, which cannot
  /// show in the second decimal unless the true value lies within 10^-8 of a tie.
  private func fractionSum() -> (numerator: Int128, denominator: Int128) {
    let commonLimit: Int128 = 1 << 80
    var common: Int128 = 1
    for count in counts {
      common = common / gcd(common, Int128(count)) * Int128(count)
      if common > commonLimit {
        let fixed: Int128 = 1 << 40
        return (
          zip(sums, counts).reduce(0) { $0 + Int128($1.0) * fixed / Int128($1.1) }, fixed
        )
      }
    }
    return (zip(sums, counts).reduce(0) { $0 + Int128($1.0) * (common / Int128($1.1)) }, common)
  }
}

private func gcd(_ a: Int128, _ b: Int128) -> Int128 {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
