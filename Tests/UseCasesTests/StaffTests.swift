import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

/// Staff at the glass, through the real use cases on the real store.
@Suite("What staff do")
struct StaffTests {
  /// A counter whose one member of staff has the PIN 482913.
  private func counter(
    clock: (inout ClockPort) -> Void = { _ in }
  ) throws -> Counter {
    let right = try LookupSecret(file: Counter.lookupKey).staff(Array("482913".utf8))
    return try Counter(adjust: { ports in
      ports.staff = StaffPort { pin in pin.value == right ? "petugas-uji" : nil }
      clock(&ports.clock)
    })
  }

  private func ask(_ counter: Counter, _ request: StaffRequest, answers before: Int) async
    -> StaffAnswer?
  {
    counter.runner.run(.staff(counter.session, request))
    let count = Box(0)
    let action = await counter.answers.first { action in
      guard case .answer(_, .staff) = action else { return false }
      count.value += 1
      return count.value > before
    }
    if case .answer(_, .staff(let answer))? = action { return answer }
    return nil
  }

  private func signIn(_ counter: Counter, _ pin: String, id: UInt64, before: Int) async
    -> StaffAnswer?
  {
    await ask(counter, .signIn(pin: counter.type(pin, id)), answers: before)
  }

  private func audit(_ counter: Counter) async throws -> [AuditEntry] {
    try await counter.store.port().audit.page(0, 1000).map(\.entry)
  }

  @Test("The right PIN opens, and who came and went is on the record")
  func right() async throws {
    let counter = try counter()
    guard case .overview(let overview, nil)? = await signIn(counter, "482913", id: 1, before: 0)
    else { return #expect(Bool(false), "not let in") }
    #expect(overview.prints.isEmpty)
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.events.first { $0.name == "session.ended" }
    try await settled { try await audit(counter).map(\.what) == [.staffEntered, .staffLeft] }
    #expect(try await audit(counter).allSatisfy { $0.who == "staff:petugas-uji" })
  }

  @Test("Five wrong PINs lock, the right one too, and each is on the record without the PIN")
  func wrong() async throws {
    let counter = try counter()
    for index in 0..<5 {
      let answer = await signIn(counter, "11122\(index)", id: UInt64(index + 1), before: index)
      #expect(answer == .refused(.wrong(triesLeft: 4 - index)))
    }
    let locked = await signIn(counter, "482913", id: 9, before: 5)
    #expect(
      locked == .refused(.locked(until: counter.parts.clock.now.wall.adding(.seconds(300)))))
    #expect(counter.parts.events.all.count { $0.name == "staff.locked" } == 1)
    let entries = try await audit(counter)
    #expect(entries.map(\.result) == Array(repeating: "wrong-pin", count: 5) + ["locked"])
    #expect(!entries.contains { "\($0)".contains("11122") || "\($0)".contains("482913") })
  }

  @Test("Who did not sign in gets nothing done")
  func outsider() async throws {
    let told = Box<[Timestamp]>([])
    let counter = try counter {
      $0.staffConfirmed = {
        told.value.append($0)
        return true
      }
    }
    for (index, request) in [
      StaffRequest.confirmMachineClock, .retryLetters, .overview,
      .settle(jobKey: "job", .nothingCameOut),
    ].enumerated() {
      let answer = await ask(counter, request, answers: index)
      #expect(answer == .refused(.wrong(triesLeft: 0)))
    }
    #expect(told.value.isEmpty)
    #expect(try await audit(counter).isEmpty)
  }

  @Test("A typed date and time is taken in the office's zone, and stands on the record")
  func typedClock() async throws {
    let told = Box<[Timestamp]>([])
    let counter = try counter {
      $0.staffConfirmed = {
        told.value.append($0)
        return true
      }
    }
    _ = await signIn(counter, "482913", id: 1, before: 0)
    let typed = counter.type("211120260905", 2)
    guard
      case .overview(_, .clockConfirmed)? = await ask(
        counter, .confirmClock(typed: typed), answers: 1)
    else { return #expect(Bool(false), "not confirmed") }
    let date = try #require(CivilDate(year: 2026, month: 11, day: 21))
    let time = try #require(ClockTime(hour: 9, minute: 5))
    #expect(told.value == [Timestamp(date, time, in: .wita)])
    let entry = try #require(await audit(counter).last)
    #expect(entry.what == .clockConfirmed)
    #expect(entry.who == "staff:petugas-uji")
    #expect(entry.subject == String(told.value[0].milliseconds))
  }

  @Test(
    "What is no date and time is refused",
    arguments: ["311120260905", "211320260905", "211120262405", "21112026090", "000000000000"])
  func impossible(digits: String) async throws {
    let told = Box<[Timestamp]>([])
    let counter = try counter {
      $0.staffConfirmed = {
        told.value.append($0)
        return true
      }
    }
    _ = await signIn(counter, "482913", id: 1, before: 0)
    let answer = await ask(
      counter, .confirmClock(typed: counter.type(digits, 2)), answers: 1)
    guard case .overview(_, .clockRefused)? = answer else {
      return #expect(Bool(false), "\(digits) was taken")
    }
    #expect(told.value.isEmpty)
  }

  @Test("A refused report is shown with its reason, and sent again when staff say so")
  func letters() async throws {
    let counter = try counter()
    let store = counter.store.port()
    let at = counter.parts.clock.now.wall
    try await store.outbox.enqueue(
      OutboxItem(id: "item-1", kind: .survey, stream: "survey", body: [123, 125], createdAt: at))
    try await store.outbox.settle("item-1", .dead(reason: "422 contoh"), at)
    guard case .overview(let overview, nil)? = await signIn(counter, "482913", id: 1, before: 0)
    else { return #expect(Bool(false), "not let in") }
    #expect(overview.letters == [.init(kind: "survey", at: at, reason: "422 contoh")])
    guard
      case .overview(let after, .lettersSent(1))? = await ask(counter, .retryLetters, answers: 1)
    else { return #expect(Bool(false), "not sent") }
    #expect(after.letters.isEmpty)
    #expect(after.waiting == 1)
    #expect(try await audit(counter).contains { $0.what == .outboxRetried })
  }

  @Test("An untrusted time is told to the glass and to the record, once, and what is known is kept")
  func distrust() async throws {
    let trust = Box(ClockTrust.untrusted(reason: .tooFarAhead))
    let memory = ClockMemory(bootID: "uji", seen: Timestamp(seconds: 1_800_000_000))
    let counter = try counter {
      $0.trust = { trust.value }
      $0.memory = { memory }
    }
    let serving = Task { await counter.runner.serve() }
    defer { serving.cancel() }
    let told = await counter.answers.first { $0 == .facts(.clock(trusted: false)) }
    #expect(told != nil)
    try await settled { try counter.store.clockAtOpening().memory == memory }
    #expect(
      try await audit(counter).filter { $0.what == .clockDistrusted }.map(\.result)
        == ["tooFarAhead"])
    let answer = await counter.takeNumber()
    #expect(answer == .ticketRefused(.clockNotTrusted))
  }

  @Test("The start is on the record, and the log's head goes to the server")
  func head() async throws {
    let counter = try counter()
    let serving = Task { await counter.runner.serve() }
    let sent = await counter.parts.sent.first { $0.kind == .auditHead }
    let report = try Wire.decode(KioskReport.self, from: try #require(sent).body)
    let first = try #require(try await counter.store.port().audit.page(0, 1).first)
    #expect(first.entry.what == .kioskStarted)
    #expect(report.content == .auditHead(sequence: 1, hash: first.hash))
    serving.cancel()
    await serving.value
    #expect(try await audit(counter).last?.what == .kioskStopped)
  }

  /// Waits for a condition that work elsewhere brings about.
  private func settled(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<100_000 {
      if try await condition() { return }
      await Task.yield()
    }
    #expect(Bool(false), "it never came")
  }
}
