public import Ports

extension StorePort {
  /// A store that answers every call with the same error.
  public static func failing(_ error: PortError) -> StorePort {
    StorePort(
      issueTicket: { _ throws(PortError) in throw error },
      openTicket: { _, _, _ throws(PortError) in throw error },
      ticketPaper: { _, _ throws(PortError) in throw error },
      application: { _, _ throws(PortError) in throw error },
      cacheState: { () throws(PortError) in throw error },
      pullBegins: { () throws(PortError) in throw error },
      applyChanges: { _, _ throws(PortError) in throw error },
      startOver: { () throws(PortError) in throw error },
      documents: { _ throws(PortError) in throw error },
      sealedDocument: { _ throws(PortError) in throw error },
      keepSealedDocument: { _, _ throws(PortError) in throw error },
      countTry: { _, _, _ throws(PortError) in throw error },
      clearTries: { _ throws(PortError) in throw error },
      returnTry: { _ throws(PortError) in throw error },
      reservePrint: { _ throws(PortError) in throw error },
      submitPrint: { _, _ throws(PortError) in throw error },
      settlePrint: { _, _, _ throws(PortError) in throw error },
      unsettledPrints: { () throws(PortError) in throw error },
      enqueue: { _ throws(PortError) in throw error },
      dueOutbox: { _, _ throws(PortError) in throw error },
      settleOutbox: { _, _, _ throws(PortError) in throw error },
      outboxState: { () throws(PortError) in throw error },
      probe: { () throws(PortError) in throw error })
  }
}
