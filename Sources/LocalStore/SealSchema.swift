/// Version 3 of the tables for sealed rows and documents.
enum SealSchema {
  static let version3 = ""
}
