/// The form of a NIK (*nomor induk kependudukan*): `PPKKCC DDMMYY NNNN`. The number is for life, so it
/// may lawfully disagree with its holder's present data; only what no NIK can be is refused here.
/// Regions are never judged: new provinces appear, and the first registration's code stays.
public enum NIK {
  public static let digitCount = 16
  /// Added to the day of birth of women.
  public static let femaleDayOffset = 40

  /// What cannot be in a NIK. No case carries a digit of it.
  public enum Doubt: Hashable, Sendable {
    /// Not sixteen characters.
    case length
    /// A character that is no digit.
    case notADigit
    case day
    case month
    /// A day that its month never has, or 29 February of a year that is never a leap year.
    case dayOfMonth
    case serial
  }

  public struct Finding: Hashable, Sendable {
    public let doubt: Doubt
    /// The group of four digits to look at again, 0 to 3, as the entry field shows them.
    public let group: Int
  }

  /// Checks ASCII digits and keeps none of them; nil when the form is that of a NIK.
  public static func check(_ characters: some Sequence<UInt8>) -> Finding? {
    var count = 0
    var day = 0
    var month = 0
    var year = 0
    var serial = 0
    for character in characters {
      guard count < digitCount else { return Finding(doubt: .length, group: 3) }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else {
        return Finding(doubt: .notADigit, group: count / 4)
      }
      let digit = Int(character - UInt8(ascii: "0"))
      switch count {
      case 6, 7: day = day * 10 + digit
      case 8, 9: month = month * 10 + digit
      case 10, 11: year = year * 10 + digit
      case 12...: serial = serial * 10 + digit
      default: break
      }
      count += 1
    }
    guard count == digitCount else { return Finding(doubt: .length, group: count / 4) }
    return check(day: day, month: month, year: year, serial: serial)
  }

  private static func check(day: Int, month: Int, year: Int, serial: Int) -> Finding? {
    // Digits 7 and 8 close the second group, 9 to 12 are the third, 13 to 16 the fourth.
    let dayOfBirth = day > femaleDayOffset ? day - femaleDayOffset : day
    guard (1...31).contains(dayOfBirth) else { return Finding(doubt: .day, group: 1) }
    guard (1...12).contains(month) else { return Finding(doubt: .month, group: 2) }
    guard dayOfBirth <= longestMonth(month, yearOfCentury: year) else {
      return Finding(doubt: .dayOfMonth, group: 1)
    }
    guard serial != 0 else { return Finding(doubt: .serial, group: 3) }
    return nil
  }

  /// The century is unknown, so a year divisible by four may be a leap year (00 stands for 2000).
  private static func longestMonth(_ month: Int, yearOfCentury: Int) -> Int {
    switch month {
    case 2: yearOfCentury % 4 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
