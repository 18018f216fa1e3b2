/// Version 3 of the tables for print ledger and leases.
enum LedgerSchema {
  static let version3 = ""
}
