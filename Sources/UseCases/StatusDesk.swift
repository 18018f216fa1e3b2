internal import Journey
internal import Ports

/// Tells how far an application is, from the cache alone: it answers without a network, with the age
/// of what it says. A wrong NIK and an unknown number are the same answer, and so is every look-up
/// beyond the session's limit: who guesses does not even learn that nothing is looked up any more.
struct StatusDesk: Sendable {
  let desk: Desk

  func lookUp(_ session: SessionID, registration: LookupKey?, nik: LookupKey?) async {
    let isCounted = desk.sessions.count(
      .lookup, session, limit: desk.settings.useLimits.lookupsPerSession)
    do throws(PortError) {
      let cache = try await desk.ports.store.cache.state()
      guard let cache else { return desk.answer(session, .status(.cacheEmpty)) }
      guard isCounted else {
        desk.record("status.limit-reached", .notice)
        return desk.answer(session, .status(.notFound(syncedAt: cache.syncedAt)))
      }
      var status: StatusAnswer = .notFound(syncedAt: cache.syncedAt)
      if let registration, let nik,
        let found = try await desk.ports.store.cache.application(registration, nik)
      {
        status = .found(found, syncedAt: cache.syncedAt)
      }
      desk.record("status.looked-up")
      desk.answer(session, .status(status))
    } catch {
      desk.record("status.failed", error)
      // Nothing can be said from here, as when nothing was ever fetched.
      desk.answer(session, .status(.cacheEmpty))
    }
  }
}
