import OfficeModel
import SyncEngine
import Testing

@Suite("Back-off")
struct BackoffTests {
  @Test("delays double up to the cap and jitter spreads over all of it")
  func doubling() {
    let backoff = Backoff(first: .seconds(2), cap: .seconds(300))
    #expect(backoff.ceiling(attempt: 1) == .seconds(2))
    #expect(backoff.ceiling(attempt: 5) == .seconds(32))
    #expect(backoff.ceiling(attempt: 9) == .seconds(300))
    #expect(backoff.ceiling(attempt: .max) == .seconds(300))
    #expect(backoff.ceiling(attempt: .min) == .seconds(2))
    #expect(backoff.delay(attempt: 9, random: 0) == .zero)
    #expect(backoff.delay(attempt: 9, random: 1) == .seconds(300))
    #expect(backoff.delay(attempt: 9, random: 7) == .seconds(300))
    #expect(backoff.delay(attempt: 9, random: .nan) == .seconds(300))
  }

  @Test("the server's wish is obeyed, within an hour")
  func retryAfter() {
    let backoff = Backoff()
    #expect(backoff.delay(attempt: 1, random: 0, retryAfter: .seconds(400)) == .seconds(400))
    #expect(backoff.delay(attempt: 1, random: 0, retryAfter: .seconds(90_000)) == .seconds(3600))
    #expect(backoff.delay(attempt: 1, random: 0, retryAfter: .seconds(-5)) == .zero)
  }
}

@Suite("Pull")
struct PullMachineTests {
  @Test("pages follow each other until the server has no more, then the interval begins")
  func pages() {
    var pull = PullMachine(cursor: nil, interval: .seconds(60))
    #expect(pull.handle(.due) == [.fetch(cursor: nil)])
    #expect(pull.handle(.due) == [])
    #expect(
      pull.handle(.pageApplied(cursor: "1", hasMore: true))
        == [.reportReachable(true), .fetch(cursor: "1")])
    #expect(
      pull.handle(.pageApplied(cursor: "2", hasMore: false))
        == [.reportSynced, .wait(.seconds(60))])
    #expect(pull.cursor == "2")
  }

  @Test("a server that says more without moving is not asked in a circle")
  func standstill() {
    var pull = PullMachine(cursor: "5", interval: .seconds(60))
    _ = pull.handle(.due)
    #expect(
      pull.handle(.pageApplied(cursor: "5", hasMore: true))
        == [.reportReachable(true), .wait(.seconds(60))])
  }

  @Test("an endless run of pages is interrupted")
  func endless() {
    var pull = PullMachine(cursor: nil)
    _ = pull.handle(.due)
    for page in 1..<PullMachine.pagesInRowLimit {
      #expect(
        pull.handle(.pageApplied(cursor: "\(page)", hasMore: true)).last
          == .fetch(cursor: "\(page)"))
    }
    #expect(pull.handle(.pageApplied(cursor: "end", hasMore: true)) == [.wait(.seconds(60))])
  }

  @Test("failures back off, are reported once, and success resets them")
  func failures() {
    var pull = PullMachine(cursor: "a", backoff: Backoff(first: .seconds(2)))
    _ = pull.handle(.due)
    #expect(
      pull.handle(.failed(.transient(retryAfter: nil), random: 1))
        == [.reportReachable(false), .wait(.seconds(2))])
    _ = pull.handle(.due)
    #expect(pull.handle(.failed(.transient(retryAfter: nil), random: 1)) == [.wait(.seconds(4))])
    _ = pull.handle(.due)
    #expect(pull.handle(.pageApplied(cursor: "b", hasMore: false)).first == .reportReachable(true))
    #expect(pull.failures == 0)
  }

  @Test("a cursor that is too old starts over at once; an empty one that is refused waits")
  func cursorTooOld() {
    var pull = PullMachine(cursor: "old", backoff: Backoff(first: .seconds(2)))
    _ = pull.handle(.due)
    #expect(pull.handle(.failed(.cursorTooOld, random: 1)).last == .wait(.zero))
    #expect(pull.handle(.due) == [.fetch(cursor: nil)])
    #expect(pull.handle(.failed(.cursorTooOld, random: 1)) == [.wait(.seconds(4))])
  }

  @Test("a store that cannot write is not the server's fault")
  func storeFault() {
    var pull = PullMachine(cursor: "a")
    _ = pull.handle(.due)
    #expect(pull.handle(.failed(.store, random: 0)) == [.reportReachable(true), .wait(.zero)])
    #expect(pull.cursor == "a")
  }
}

@Suite("Outbox")
struct OutboxTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  @Test("a rejected item is dead at once, a failure is asked again a limited number of times")
  func decisions() {
    let policy = OutboxPolicy(failuresLimit: 3, backoff: Backoff(first: .seconds(2)))
    func decide(_ reply: OutboxPolicy.Reply, _ failures: Int) -> OutboxPolicy.Decision {
      policy.decide(reply, attempts: failures, failures: failures, now: now, random: 1)
    }
    #expect(decide(.accepted, 0) == .delivered)
    #expect(decide(.rejected(reason: "409"), 0) == .dead(reason: "409"))
    let failed = OutboxPolicy.Reply.failed(reason: "500", retryAfter: nil)
    #expect(decide(failed, 0) == .retry(at: now.adding(.seconds(2))))
    #expect(decide(failed, 2) == .dead(reason: "no success in 3 answers, last: 500"))
  }

  @Test("an outage never ends an item, and its waits grow no longer than the cap")
  func outage() {
    let policy = OutboxPolicy(failuresLimit: 3)
    for attempts in [0, 2, 600, 1_000_000] {
      let decision = policy.decide(
        .lost(reason: "no connection", retryAfter: nil), attempts: attempts, failures: 2, now: now,
        random: 1)
      let wait = attempts == 0 ? 2 : attempts == 2 ? 8 : 300
      #expect(decision == .retry(at: now.adding(.seconds(Int64(wait)))))
    }
  }

  @Test("one stream's failure holds its followers and nobody else's")
  func streams() {
    var batch = OutboxBatch([
      .init(id: "a1", stream: "a", way: "w"), .init(id: "a2", stream: "a", way: "w"),
      .init(id: "b1", stream: "b", way: "w"),
      .init(id: "c1", stream: "c", way: "w"), .init(id: "c2", stream: "c", way: "w"),
    ])
    var sent: [String] = []
    while let entry = batch.next() {
      sent.append(entry.id)
      let decision: OutboxPolicy.Decision =
        switch entry.id {
        case "a1": .retry(at: now)
        case "c1": .dead(reason: "422")
        default: .delivered
        }
      batch.settled(entry, decision)
    }
    // What may pass a refused item, the store tells with the next batch.
    #expect(sent == ["a1", "b1", "c1"])
  }

  @Test("a way that hangs costs one item's time, and what goes another way does not wait for it")
  func hangingWay() {
    var batch = OutboxBatch(
      (1...30).map { .init(id: "report-\($0)", stream: "print:\($0)", way: "reports") }
        + [.init(id: "ticket", stream: "ticket:1", way: "numbers")])
    var sent: [String] = []
    while let entry = batch.next() {
      sent.append(entry.id)
      let hangs = entry.way == "reports"
      batch.settled(entry, hangs ? .retry(at: now) : .delivered, timedOut: hangs)
    }
    #expect(sent == ["report-1", "ticket"])
    #expect(batch.isHeldUp)
  }
}
