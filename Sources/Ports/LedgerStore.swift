public import OfficeModel

/// The print ledger: a single-use right is spent in steps, each durable before the outside
/// is touched.
public struct LedgerStore: Sendable {
  /// Print ledger: reserve before the first byte is sent; settle with what the evidence shows. False
  /// when the right is used up, taken by another job, or unknown to this kiosk. The server learns of
  /// a reservation through the outbox, in the same transaction.
  public var reserve: @Sendable (PrintReservation) async throws(PortError) -> Bool
  /// Makes durable that bytes are about to leave: from here on a crash leaves the job `unknown`.
  public var submit: @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void
  /// Settles a job once and puts what the server must learn into the outbox with it.
  public var settle:
    @Sendable (_ jobKey: String, PrintOutcome, Timestamp) async throws(PortError) -> Void
  /// Jobs that were reserved and never settled: after a crash they are `unknown`.
  public var unsettled: @Sendable () async throws(PortError) -> [PrintReservation]

  public init(
    reserve: @escaping @Sendable (PrintReservation) async throws(PortError) -> Bool,
    submit: @escaping @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void,
    settle:
      @escaping @Sendable (_ jobKey: String, PrintOutcome, Timestamp) async throws(PortError) ->
      Void,
    unsettled: @escaping @Sendable () async throws(PortError) -> [PrintReservation]
  ) {
    self.reserve = reserve
    self.submit = submit
    self.settle = settle
    self.unsettled = unsettled
  }
}

public struct PrintReservation: Sendable, Equatable {
  public var jobKey: String
  public var documentID: String
  public var at: Timestamp
  /// Bytes may have left; false: it is certain that none did.
  public var wasSubmitted: Bool
  public init(jobKey: String, documentID: String, at: Timestamp, wasSubmitted: Bool = false) {
    self.jobKey = jobKey
    self.documentID = documentID
    self.at = at
    self.wasSubmitted = wasSubmitted
  }
}
