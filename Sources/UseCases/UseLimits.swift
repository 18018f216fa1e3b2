/// How much one session may take, and how large a document may be. What goes beyond is refused with a
/// calm answer; nothing of it reaches server, printer or series.
public struct UseLimits: Sendable, Hashable {
  public var ticketsPerSession: Int
  /// Numbers of one NIK on one day, over all services.
  public var ticketsPerCitizen: Int
  /// Prints that were begun, whatever became of them.
  public var printsPerSession: Int
  public var lookupsPerSession: Int
  /// Size of a document as it is opened, in bytes; sealed it may have the seal's bytes more.
  public var documentBytes: Int
  public var documentPages: Int

  public init(
    ticketsPerSession: Int = 2, ticketsPerCitizen: Int = 2, printsPerSession: Int = 10,
    lookupsPerSession: Int = 5,
    documentBytes: Int = 10 << 20, documentPages: Int = 20
  ) {
    self.ticketsPerSession = ticketsPerSession
    self.ticketsPerCitizen = ticketsPerCitizen
    self.printsPerSession = printsPerSession
    self.lookupsPerSession = lookupsPerSession
    self.documentBytes = documentBytes
    self.documentPages = documentPages
  }
}
