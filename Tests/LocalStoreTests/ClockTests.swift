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
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    let known = try store.clockAtOpening()
    #expect(known.memory == nil)
    #expect(known.lastTicket == nil)
  }

  @Test("What is known of the time comes back as it was, with the last number given")
  func comesBack() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
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

  @Test("Wrong staff PINs lock for their hour, also over a restart, and leave citizens alone")
  func staffTries() async throws {
    let folder = try TemporaryFolder()
    let hour = Duration.seconds(3600)
    var store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    for left in [2, 1, 0] {
      let verdict = try await store.port().staff.countTry(3, hour, Sample.now)
      #expect(verdict == TryVerdict(allowed: true, triesLeft: left, lockedUntil: nil))
    }
    try store.close()
    store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    let port = store.port()
    let locked = try await port.staff.countTry(3, hour, Sample.now.adding(.seconds(60)))
    #expect(!locked.allowed)
    #expect(locked.lockedUntil == Sample.now.adding(hour))
    let limits = TryLimits(perNIK: 3, perKiosk: 3, window: .seconds(60))
    #expect(try await port.tries.count(Sample.nik, limits, Sample.now).allowed)
    #expect(
      try await !port.staff.countTry(3, hour, Sample.now.adding(.seconds(3599))).allowed,
      "a citizen's shorter window does not forget a staff try")
    #expect(try await port.staff.countTry(3, hour, Sample.now.adding(hour)).allowed)
  }

  @Test("Who proved to be staff has all tries again")
  func cleared() async throws {
    let folder = try TemporaryFolder()
    let port = try LocalStore.open(directory: folder.path, storeKey: Sample.key).port()
    _ = try await port.staff.countTry(1, .seconds(3600), Sample.now)
    #expect(try await !port.staff.countTry(1, .seconds(3600), Sample.now).allowed)
    try await port.staff.clearTries()
    #expect(try await port.staff.countTry(1, .seconds(3600), Sample.now).allowed)
  }
}
