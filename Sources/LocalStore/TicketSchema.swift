/// Version 3 of the tables for tickets, requests and reserves.
enum TicketSchema {
  static let version3 = ""
}
