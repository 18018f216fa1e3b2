import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing
import UseCases

@Suite("Loops", .timeLimit(.minutes(1)))
struct LoopTests {
  @Test("a lost reply is asked again with the same key, and the item goes once it is answered")
  func sameKey() async throws {
    let counter = try Counter()
    // No number of the server, none of the reserve: the request is taken back.
    counter.parts.nextNumber.value = { _ in
      .failure(PortError(.timedOut, step: "POST /v1/tickets/next"))
    }
    let attempts = Mutex(0)
    counter.parts.send.value = { item in
      guard item.kind == .ticketVoid else { return .success(()) }
      let attempt = attempts.withLock { count in
        count += 1
        return count
      }
      return attempt == 1
        ? .failure(PortError(.timedOut, step: "POST /v1/tickets")) : .success(())
    }
    let loops = Task { await counter.runner.serve() }
    counter.runner.run(
      .issueTicket(counter.session, TicketOrder(serviceID: "ktp-el", lane: .general)))
    _ = await counter.parts.events.first { $0.name == "outbox.send-failed" }
    // The loop rests at most thirty seconds; the first wait is two.
    func sent() -> [String] {
      counter.parts.sent.all.filter { $0.kind == .ticketVoid }.map(\.id)
    }
    while sent().count < 2 {
      counter.parts.clock.advance(by: .seconds(31))
      await Task.yield()
    }
    while try await counter.store.port().outbox.state().waiting > 0 { await Task.yield() }
    loops.cancel()
    await loops.value
    #expect(Set(sent()).count == 1)
  }

  @Test("a kiosk whose store opens late asks for nothing before it knows how far its cache is")
  func lateStore() async throws {
    let failures = Box(3)
    let counter = try Counter(adjust: { ports in
      let state = ports.store.cache.state
      ports.store.cache.state = { () throws(PortError) in
        failures.value -= 1
        guard failures.value < 0 else { throw PortError(.storageFailed, step: "open store") }
        return try await state()
      }
    })
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "known", hasMore: false, serverTime: counter.parts.clock.now.wall,
        applications: [], documents: [], nowServing: []), counter.parts.clock.now.wall)
    let asked = Recorder<String?>()
    counter.parts.pages.value = { cursor in
      asked.append(cursor)
      return .failure(PortError(.unreachable, step: "test"))
    }
    let loops = Task { await counter.runner.serve() }
    while asked.all.isEmpty {
      counter.parts.clock.advance(by: .seconds(31))
      await Task.yield()
    }
    loops.cancel()
    await loops.value
    #expect(asked.all.first == "known")
  }

  @Test("a refused item is dead and does not hold the others")
  func dead() async throws {
    let counter = try Counter()
    counter.parts.send.value = { item in
      item.kind == .survey
        ? .failure(PortError(.conflict, step: "POST /v1/events", detail: "422")) : .success(())
    }
    counter.runner.run(.recordSurvey(counter.session, score: 4))
    _ = await counter.answer { $0 == .surveyStored(true) }
    counter.runner.run(.callStaff(counter.session, screen: "home"))
    _ = await counter.answer { $0 == .staffCalled(true) }
    let loops = Task { await counter.runner.serve() }
    _ = await counter.parts.events.first { $0.name == "outbox.dead" }
    while try await counter.store.port().outbox.state().waiting > 0 { await Task.yield() }
    #expect(try await counter.store.port().outbox.state().dead == 1)
    loops.cancel()
    await loops.value
  }

  @Test(
    "only answers of the server count against an item",
    arguments: [
      (PortError.Code.unreachable, 0), (.timedOut, 0), (.unauthorized, 0), (.rateLimited, 0),
      (.malformed, 1), (.serverFault, 1),
    ])
  func failures(code: PortError.Code, counted: Int) async throws {
    let counter = try Counter()
    counter.parts.send.value = { _ in .failure(PortError(code, step: "POST /v1/events")) }
    counter.runner.run(.recordSurvey(counter.session, score: 4))
    _ = await counter.answer { $0 == .surveyStored(true) }
    let loops = Task { await counter.runner.serve() }
    let later = counter.parts.clock.now.wall.adding(.seconds(3600))
    var items: [OutboxItem] = []
    while items.first?.attempts != 1 {
      items = try await counter.store.port().outbox.due(later, 1)
      await Task.yield()
    }
    #expect(items.first?.failures == counted)
    loops.cancel()
    await loops.value
  }

  @Test("pages are stored, facts are told, a lost server and its return are told once")
  func pulls() async throws {
    let counter = try Counter()
    let isUp = Box(true)
    let now = counter.parts.clock.now.wall
    counter.parts.pages.value = { cursor in
      guard isUp.value else { return .failure(PortError(.unreachable, step: "GET")) }
      return .success(
        ChangesPage(
          cursor: cursor == nil ? "1" : "2", hasMore: cursor == nil, serverTime: now,
          applications: [], documents: [],
          nowServing: [NowServing(number: "A-001", counter: "Loket 1", isPriority: false)]))
    }
    let loops = Task { await counter.runner.serve() }
    _ = await counter.answers.first { $0 == .facts(.cacheSynced(at: now)) }
    #expect(try await counter.store.port().cache.state()?.cursor == "2")
    #expect(
      counter.answers.all.contains(
        .facts(
          .nowServing([CounterFact(number: "A-001", counter: "Loket 1", isPriority: false)]))))
    isUp.value = false
    while !counter.answers.all.contains(.facts(.server(reachable: false))) {
      counter.parts.clock.advance(by: .seconds(61))
      await Task.yield()
    }
    loops.cancel()
    await loops.value
  }

  @Test("one missed look at a printer shows nothing, two do; a card is told at once")
  func devices() async throws {
    let counter = try Counter()
    let loops = Task { await counter.runner.serve() }
    _ = await counter.answers.first { $0 == .facts(.ticketPrinter(.ready)) }
    counter.parts.ticketState.value = .down(.offline)
    while !counter.answers.all.contains(.facts(.ticketPrinter(.down(.offline)))) {
      counter.parts.clock.advance(by: .seconds(11))
      await Task.yield()
    }
    counter.parts.ticketState.value = .down(.mediaEmpty)
    while !counter.answers.all.contains(.facts(.ticketPrinter(.down(.mediaEmpty)))) {
      counter.parts.clock.advance(by: .seconds(11))
      await Task.yield()
    }
    counter.parts.cardFeed.yield(.present(.ktpEl))
    _ = await counter.answers.first { $0 == .facts(.card(.present(.ktpEl))) }
    loops.cancel()
    await loops.value
  }

  @Test("a store that stops writing is told, and that it writes again")
  func storeWatch() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(
      directory: folder.path, storeKey: [UInt8](repeating: 1, count: 32))
    let isFull = Box(true)
    var port = store.port()
    let probe = port.probe
    port.probe = { () throws(PortError) in
      if isFull.value { throw PortError(.storageFull, step: "probe") }
      try await probe()
    }
    let parts = TestPorts()
    let told = Recorder<Action>()
    let runner = UseCaseRunner(
      ports: parts.ports(store: port), vault: SecretVault(),
      keys: try #require(KioskKeys(lookupKey: Counter.lookupKey)),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wib, isDemonstration: true, services: []),
      sink: { told.append($0) })
    let loops = Task { await runner.serve() }
    _ = await told.first { $0 == .facts(.store(writable: false)) }
    isFull.value = false
    while !told.all.contains(.facts(.store(writable: true))) {
      parts.clock.advance(by: .seconds(31))
      await Task.yield()
    }
    loops.cancel()
    await loops.value
  }
}
