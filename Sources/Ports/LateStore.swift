extension StorePort {
  /// A store that need not be open yet: each call asks anew for the one to go to, and fails as that
  /// fails.
  public static func late(
    _ store: @escaping @Sendable () throws(PortError) -> StorePort
  ) -> StorePort {
    StorePort(
      tickets: TicketStore(
        ask: { a throws(PortError) in try await store().tickets.ask(a) },
        give: { a, b throws(PortError) in try await store().tickets.give(a, b) },
        refused: { a throws(PortError) in try await store().tickets.refused(a) },
        issue: { a, b throws(PortError) in try await store().tickets.issue(a, b) },
        standing: { a throws(PortError) in try await store().tickets.standing(a) },
        voidLeft: { a, b, c throws(PortError) in try await store().tickets.voidLeft(a, b, c) },
        void: { a, b, c throws(PortError) in try await store().tickets.void(a, b, c) },
        lines: { () throws(PortError) in try await store().tickets.lines() },
        paper: { a, b, c, d throws(PortError) in try await store().tickets.paper(a, b, c, d) }),
      cache: CacheStore(
        application: { a, b throws(PortError) in try await store().cache.application(a, b) },
        state: { () throws(PortError) in try await store().cache.state() },
        pullBegins: { () throws(PortError) in try await store().cache.pullBegins() },
        apply: { a, b throws(PortError) in try await store().cache.apply(a, b) },
        startOver: { a throws(PortError) in try await store().cache.startOver(a) },
        documents: { a throws(PortError) in try await store().cache.documents(a) },
        sealedDocument: { a throws(PortError) in try await store().cache.sealedDocument(a) },
        hasRoom: { (try? store())?.cache.hasRoom($0) ?? false },
        keepSealedDocument: { a, b throws(PortError) in
          try await store().cache.keepSealedDocument(a, b)
        },
        office: { () throws(PortError) in try await store().cache.office() },
        missingLists: { () throws(PortError) in try await store().cache.missingLists() },
        endList: { a, b throws(PortError) in try await store().cache.endList(a, b) }),
      tries: TryStore(
        count: { a, b, c throws(PortError) in try await store().tries.count(a, b, c) },
        clear: { a throws(PortError) in try await store().tries.clear(a) },
        giveBack: { a throws(PortError) in try await store().tries.giveBack(a) }),
      ledger: LedgerStore(
        reserve: { a throws(PortError) in try await store().ledger.reserve(a) },
        submit: { a, b throws(PortError) in try await store().ledger.submit(a, b) },
        printing: { a, b throws(PortError) in try await store().ledger.printing(a, b) },
        settle: { a, b, c throws(PortError) in try await store().ledger.settle(a, b, c) },
        unsettled: { () throws(PortError) in try await store().ledger.unsettled() },
        unknowns: { () throws(PortError) in try await store().ledger.unknowns() },
        settleByStaff: { a throws(PortError) in try await store().ledger.settleByStaff(a) },
        clearByStaff: { a throws(PortError) in try await store().ledger.clearByStaff(a) },
        askLease: { a, b, c throws(PortError) in try await store().ledger.askLease(a, b, c) },
        keepLease: { a, b, c, d throws(PortError) in try await store().ledger.keepLease(a, b, c, d)
        },
        lease: { a throws(PortError) in try await store().ledger.lease(a) },
        returnLease: { a, b, c throws(PortError) in try await store().ledger.returnLease(a, b, c) },
        askedLeases: { () throws(PortError) in try await store().ledger.askedLeases() },
        leased: { a throws(PortError) in try await store().ledger.leased(a) }),
      outbox: OutboxStore(
        enqueue: { a throws(PortError) in try await store().outbox.enqueue(a) },
        due: { a, b throws(PortError) in try await store().outbox.due(a, b) },
        settle: { a, b, c throws(PortError) in try await store().outbox.settle(a, b, c) },
        state: { () throws(PortError) in try await store().outbox.state() },
        dead: { a throws(PortError) in try await store().outbox.dead(a) },
        retryDead: { a, b, c throws(PortError) in try await store().outbox.retryDead(a, b, c) }),
      audit: AuditStore(
        record: { a throws(PortError) in try await store().audit.record(a) },
        page: { a, b throws(PortError) in try await store().audit.page(a, b) },
        head: { () throws(PortError) in try await store().audit.head() }),
      clock: ClockStore(save: { a throws(PortError) in try await store().clock.save(a) }),
      staff: StaffStore(
        countTry: { a, b, c throws(PortError) in try await store().staff.countTry(a, b, c) },
        clearTries: { () throws(PortError) in try await store().staff.clearTries() }),
      supplies: SuppliesStore(
        refill: { a, b throws(PortError) in try await store().supplies.refill(a, b) },
        paper: { a, b throws(PortError) in try await store().supplies.paper(a, b) }),
      probe: { () throws(PortError) in try await store().probe() },
      tidy: { a throws(PortError) in try await store().tidy(a) })
  }

  /// A store that answers every call with the same error.
  public static func failing(_ error: PortError) -> StorePort {
    .late { () throws(PortError) in throw error }
  }
}
