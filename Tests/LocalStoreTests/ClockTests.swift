import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("What the store keeps of time and staff")
struct ClockStoreTests {
  @Test("A new store knows nothing of the time")
  func empty() throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let known = try store.clockAtOpening()
    #expect(known.memory == nil)
    #expect(known.lastTicket == nil)
  }

  @Test("What is known of the time comes back as it was, with the last number given")
  func comesBack() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    _ = try await store.port().give(Sample.draft("t-1"))
    for memory in [
      ClockMemory(bootID: "a"),
      ClockMemory(
        bootID: "b", anchor: .init(offset: -5, source: .staff), seen: Sample.now,
        server: Sample.now.adding(.seconds(1)), staff: .overruled,
        pardoned: Sample.now.adding(.seconds(2))),
    ] {
      try await store.port().clock.save(memory)
      #expect(try store.clockAtOpening().memory == memory)
    }
    #expect(try store.clockAtOpening().lastTicket == Sample.now)
  }

  private let firstLock = Duration.seconds(300)

  @Test("Wrong staff PINs lock, twice as long each time, over restarts, and leave citizens alone")
  func staffTries() async throws {
    let folder = try TemporaryFolder()
    var store = try Sample.open(folder.path)
    var now = Sample.now
    for lock in [firstLock, firstLock * 2, firstLock * 4] {
      for left in [2, 1, 0] {
        let verdict = try await store.port().staff.countTry(3, firstLock, now)
        #expect(verdict == TryVerdict(allowed: true, triesLeft: left, lockedUntil: nil))
        // Somebody who was right; what was wrong before counts no more, but the locks do.
        if left == 1 {
          try await store.port().staff.clearTries()
          _ = try await store.port().staff.countTry(3, firstLock, now)
          _ = try await store.port().staff.countTry(3, firstLock, now)
        }
      }
      try store.close()
      store = try Sample.open(folder.path)
      for wait in [Duration.zero, lock - .milliseconds(1)] {
        let locked = try await store.port().staff.countTry(3, firstLock, now.adding(wait))
        #expect(locked == .init(allowed: false, triesLeft: 0, lockedUntil: now.adding(lock)))
      }
      now = now.adding(lock)
    }
    let limits = TryLimits(perNIK: 3, perKiosk: 3, window: .seconds(60))
    #expect(try await store.port().tries.count(Sample.nik, limits, now).allowed)
    // A week later they are forgotten.
    now = now.adding(.seconds(8 * 86_400))
    for _ in 1...3 { _ = try await store.port().staff.countTry(3, firstLock, now) }
    #expect(
      try await store.port().staff.countTry(3, firstLock, now).lockedUntil
        == now.adding(firstLock))
  }

  @Test(
    "A full count locks whoever comes back after it left its window, and no lock outlasts a day")
  func longestLock() async throws {
    let folder = try TemporaryFolder()
    let port = try Sample.open(folder.path).port()
    _ = try await port.staff.countTry(1, .seconds(7200), Sample.now)
    let later = Sample.now.adding(.seconds(3700))
    #expect(try await !port.staff.countTry(1, .seconds(7200), later).allowed)
    var now = Sample.now.adding(.seconds(7200))
    for _ in 1...6 {
      #expect(try await port.staff.countTry(1, .seconds(7200), now).allowed)
      let until = try await port.staff.countTry(1, .seconds(7200), now).lockedUntil
      now = try #require(until)
    }
    #expect(now.since(Sample.now) < .seconds(5 * 86_400))
  }

  @Test("Who proved to be staff has all tries again")
  func cleared() async throws {
    let folder = try TemporaryFolder()
    let port = try Sample.open(folder.path).port()
    for _ in 1...3 {
      #expect(try await port.staff.countTry(1, firstLock, Sample.now).allowed)
      try await port.staff.clearTries()
    }
  }
}
