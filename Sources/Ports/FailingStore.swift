extension StorePort {
  /// A store that answers every call with the same error: what a kiosk works with that could not open
  /// its own.
  public static func failing(_ error: PortError) -> StorePort {
    StorePort(
      tickets: TicketStore(
        issue: { _ throws(PortError) in throw error },
        open: { _, _, _ throws(PortError) in throw error },
        paper: { _, _ throws(PortError) in throw error }),
      cache: CacheStore(
        application: { _, _ throws(PortError) in throw error },
        state: { () throws(PortError) in throw error },
        pullBegins: { () throws(PortError) in throw error },
        apply: { _, _ throws(PortError) in throw error },
        startOver: { () throws(PortError) in throw error },
        documents: { _ throws(PortError) in throw error },
        sealedDocument: { _ throws(PortError) in throw error },
        keepSealedDocument: { _, _ throws(PortError) in throw error }),
      tries: TryStore(
        count: { _, _, _ throws(PortError) in throw error },
        clear: { _ throws(PortError) in throw error },
        giveBack: { _ throws(PortError) in throw error }),
      ledger: LedgerStore(
        reserve: { _ throws(PortError) in throw error },
        submit: { _, _ throws(PortError) in throw error },
        settle: { _, _, _ throws(PortError) in throw error },
        unsettled: { () throws(PortError) in throw error }),
      outbox: OutboxStore(
        enqueue: { _ throws(PortError) in throw error },
        due: { _, _ throws(PortError) in throw error },
        settle: { _, _, _ throws(PortError) in throw error },
        state: { () throws(PortError) in throw error }),
      audit: AuditStore(
        record: { _ throws(PortError) in throw error },
        page: { _, _ throws(PortError) in throw error },
        head: { () throws(PortError) in throw error }),
      probe: { () throws(PortError) in throw error })
  }
}
