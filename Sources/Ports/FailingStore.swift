extension StorePort {
  /// A store that answers every call with the same error: what a kiosk works with that could not open
  /// its own.
  public static func failing(_ error: PortError) -> StorePort {
    StorePort(
      tickets: TicketStore(
        ask: { _ throws(PortError) in throw error },
        give: { _, _ throws(PortError) in throw error },
        refused: { _ throws(PortError) in throw error },
        issue: { _, _ throws(PortError) in throw error },
        standing: { _ throws(PortError) in throw error },
        voidLeft: { _, _, _ throws(PortError) in throw error },
        void: { _, _, _ throws(PortError) in throw error },
        lines: { () throws(PortError) in throw error },
        paper: { _, _, _, _ throws(PortError) in throw error }),
      cache: CacheStore(
        application: { _, _ throws(PortError) in throw error },
        state: { () throws(PortError) in throw error },
        pullBegins: { () throws(PortError) in throw error },
        apply: { _, _ throws(PortError) in throw error },
        startOver: { () throws(PortError) in throw error },
        documents: { _ throws(PortError) in throw error },
        sealedDocument: { _ throws(PortError) in throw error },
        hasRoom: { _ in false },
        keepSealedDocument: { _, _ throws(PortError) in throw error },
        office: { () throws(PortError) in throw error },
        missingLists: { () throws(PortError) in throw error },
        endList: { _, _ throws(PortError) in throw error }),
      tries: TryStore(
        count: { _, _, _ throws(PortError) in throw error },
        clear: { _ throws(PortError) in throw error },
        giveBack: { _ throws(PortError) in throw error }),
      ledger: LedgerStore(
        reserve: { _ throws(PortError) in throw error },
        submit: { _, _ throws(PortError) in throw error },
        printing: { _, _ throws(PortError) in throw error },
        settle: { _, _, _ throws(PortError) in throw error },
        unsettled: { () throws(PortError) in throw error },
        unknowns: { () throws(PortError) in throw error },
        settleByStaff: { _ throws(PortError) in throw error },
        keepLease: { _, _, _, _ throws(PortError) in throw error },
        lease: { _ throws(PortError) in throw error },
        returnLease: { _, _, _ throws(PortError) in throw error },
        leased: { _ throws(PortError) in throw error }),
      outbox: OutboxStore(
        enqueue: { _ throws(PortError) in throw error },
        due: { _, _ throws(PortError) in throw error },
        settle: { _, _, _ throws(PortError) in throw error },
        state: { () throws(PortError) in throw error },
        dead: { _ throws(PortError) in throw error },
        retryDead: { _, _, _ throws(PortError) in throw error }),
      audit: AuditStore(
        record: { _ throws(PortError) in throw error },
        page: { _, _ throws(PortError) in throw error },
        head: { () throws(PortError) in throw error }),
      clock: ClockStore(save: { _ throws(PortError) in throw error }),
      staff: StaffStore(
        countTry: { _, _, _ throws(PortError) in throw error },
        clearTries: { () throws(PortError) in throw error }),
      probe: { () throws(PortError) in throw error })
  }
}
