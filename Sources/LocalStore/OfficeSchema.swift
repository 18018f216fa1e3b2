/// Version 3 of the tables for news of the office.
enum OfficeSchema {
  static let version3 = ""
}
