internal import Journey
internal import OfficeModel
internal import Ports
internal import SyncEngine

/// Keeps the cache in step with the server, until its task is cancelled.
struct SyncService: Sendable {
  /// A server that answers confirms an end within a second; one that does not must not keep the cache
  /// from being filled.
  private static let endsPatience = Duration.seconds(60)

  let desk: Desk

  func run() async {
    await followOffice()
    await desk.followQueue()
    guard var machine = await begin() else { return }
    var commands = machine.handle(.due)
    // What a fill did not tell again ends with its last page; it may have begun in an earlier run.
    var isFilling = true
    var listsFrom = Uptime.zero
    while !Task.isCancelled, !commands.isEmpty {
      switch commands.removeFirst() {
      case .fetch(let cursor):
        isFilling = isFilling || cursor == nil
        guard let event = await fetch(cursor) else { return }
        commands += machine.handle(event)
      case .reportReachable(let isReachable):
        desk.record(isReachable ? "sync.reachable" : "sync.unreachable", .notice)
        desk.sink(.facts(.server(reachable: isReachable)))
      case .reportSynced:
        desk.sink(.facts(.cacheSynced(at: desk.ports.clock.now().wall)))
        if isFilling { await followOffice() }
        isFilling = false
        guard desk.ports.clock.now().uptime >= listsFrom else { break }
        if await !RevocationSync(desk: desk).run() {
          listsFrom = desk.ports.clock.now().uptime.adding(RevocationSync.pause)
        }
      case .wait(let duration):
        do {
          // While the server fails a nudge does not go round the back-off.
          if machine.failures > 0 {
            try await desk.ports.clock.sleep(duration)
          } else {
            try await desk.syncNudge.wait(atMost: duration, desk.ports.clock)
          }
        } catch { return }
        commands += machine.handle(.due)
      }
    }
  }

  /// The machine from where the cache stands. Asks until the store answers: the server takes a kiosk
  /// that comes without its cursor for a new one. Nil when the task was cancelled.
  private func begin() async -> PullMachine? {
    let interval = desk.settings.pullInterval
    while true {
      do throws(PortError) {
        let state = try await desk.ports.store.cache.state()
        if let state { desk.sink(.facts(.cacheSynced(at: state.syncedAt))) }
        if let cursor = state?.cursor, !cursor.isEmpty {
          return PullMachine(cursor: cursor, interval: interval)
        }
        // What the server is then told of, and lends no more, must not count here either.
        try await desk.ports.store.cache.startOver(desk.ports.clock.now().wall)
        return PullMachine(cursor: nil, interval: interval)
      } catch {
        if error.code == .cancelled { return nil }
        desk.record("sync.no-cache-state", error)
      }
      guard (try? await desk.ports.clock.sleep(desk.settings.devicePollInterval)) != nil else {
        return nil
      }
    }
  }

  /// The server's count of the prints that are left is understood only when it knows their ends: one
  /// that it confirms later would count as not in its answer yet, for as long as that document stays as
  /// it is. Waits for them, but not for ever.
  private func tellEnds() async {
    let limit = desk.ports.clock.now().uptime.adding(Self.endsPatience)
    while desk.ports.clock.now().uptime < limit,
      let state = try? await desk.ports.store.outbox.state(),
      state.prints > 0
    {
      desk.outboxNudge.nudge()
      guard (try? await desk.ports.clock.sleep(.seconds(1))) != nil else { return }
    }
  }

  /// Nil when the task was cancelled.
  private func fetch(_ cursor: String?) async -> PullMachine.Event? {
    if cursor == nil { await tellEnds() }
    let asked = desk.ports.clock.now()
    let random = desk.ports.identifiers.random(0...1)
    let page: ChangesPage
    do throws(PortError) {
      try await desk.ports.store.cache.pullBegins()
    } catch {
      if error.code == .cancelled { return nil }
      // Prints then count by the page asked for before: rather one too few than one too many.
      desk.record("sync.begin-not-noted", error)
    }
    do throws(PortError) {
      page = try await desk.ports.dinas.fetchChanges(cursor)
    } catch {
      if Task.isCancelled || error.code == .cancelled { return nil }
      desk.record("sync.failed", error)
      desk.looked(.server(reachable: Self.isCursorTooOld(error)))
      guard Self.isCursorTooOld(error) else {
        return .failed(.transient(retryAfter: error.retryAfter), random: random)
      }
      do throws(PortError) {
        try await desk.ports.store.cache.startOver(desk.ports.clock.now().wall)
        desk.outboxNudge.nudge()
      } catch {
        desk.record("sync.not-started-over", error)
        return .failed(.store, random: random)
      }
      return .failed(.cursorTooOld, random: random)
    }
    desk.looked(.server(reachable: true))
    let wasTrusted = desk.ports.clock.trust() == .trusted
    desk.ports.clock.serverTold(page.serverTime, asked.uptime)
    // Who waits for the time at the glass learns of it at once.
    if !wasTrusted { desk.clockNudge.nudge() }
    do throws(PortError) {
      // The age of the cache counts from when the server was asked, not from when it was stored.
      try await desk.ports.store.cache.apply(page, asked.wall)
    } catch {
      if error.code == .cancelled { return nil }
      desk.record("sync.not-stored", error)
      return .failed(.store, random: random)
    }
    desk.storeFact.set(true, desk.sink)
    desk.sink(
      .facts(
        .nowServing(
          page.nowServing.map {
            CounterFact(number: $0.number, counter: $0.counter, isPriority: $0.isPriority)
          })))
    if page.office != nil { await followOffice() }
    if page.queue != nil { await desk.followQueue() }
    return .pageApplied(cursor: page.cursor, hasMore: page.hasMore)
  }

  /// Services, hours and announcements as the store has them now.
  private func followOffice() async {
    do throws(PortError) {
      let news = try await desk.ports.store.cache.office()
      if let facts = desk.rules.adopt(news) { desk.sink(.facts(.office(facts))) }
    } catch {
      if error.code == .cancelled { return }
      desk.record("sync.office-not-read", error)
      guard error.code == .malformed else { return }
      // Another version wrote it: everything is told anew, and meanwhile the configuration counts.
      do throws(PortError) {
        try await desk.ports.store.cache.startOver(desk.ports.clock.now().wall)
      } catch {
        desk.record("sync.not-started-over", error)
      }
    }
  }

  private static func isCursorTooOld(_ error: PortError) -> Bool {
    error.code == .notFound && error.detail.hasPrefix("410")
  }
}
