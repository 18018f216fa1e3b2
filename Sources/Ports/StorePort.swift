public import OfficeModel

/// The local database. Every call is one transaction; a call that throws has changed nothing.
public struct StorePort: Sendable {
  public var tickets: TicketStore
  public var cache: CacheStore
  public var tries: TryStore
  public var ledger: LedgerStore
  public var outbox: OutboxStore
  public var audit: AuditStore
  public var clock: ClockStore
  public var staff: StaffStore
  public var supplies: SuppliesStore
  /// Commits something of no meaning: whether the store takes writes right now.
  public var probe: @Sendable () async throws(PortError) -> Void
  /// Lets go of what has been kept long enough.
  public var tidy: @Sendable (_ now: Timestamp) async throws(PortError) -> Void

  public init(
    tickets: TicketStore,
    cache: CacheStore,
    tries: TryStore,
    ledger: LedgerStore,
    outbox: OutboxStore,
    audit: AuditStore,
    clock: ClockStore,
    staff: StaffStore,
    supplies: SuppliesStore,
    probe: @escaping @Sendable () async throws(PortError) -> Void,
    tidy: @escaping @Sendable (_ now: Timestamp) async throws(PortError) -> Void
  ) {
    self.tickets = tickets
    self.cache = cache
    self.tries = tries
    self.ledger = ledger
    self.outbox = outbox
    self.audit = audit
    self.clock = clock
    self.staff = staff
    self.supplies = supplies
    self.probe = probe
    self.tidy = tidy
  }
}
