/// Version 3 of the tables for trusted time.
enum ClockSchema {
  static let version3 = ""
}
