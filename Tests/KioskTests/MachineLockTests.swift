import TestSupport
import Testing

@testable import Kiosk

@Suite struct MachineLockTests {
  @Test("a second kiosk is refused until the first is gone")
  func oneKiosk() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lock"
    var first: MachineLock? = try MachineLock(path: path)
    #expect(first != nil)
    #expect(throws: KioskProblem.self) { try MachineLock(path: path) }
    first = nil
    _ = try MachineLock(path: path)
  }

  @Test("a lock that cannot be opened is told with advice")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    #expect(throws: KioskProblem.self) { try MachineLock(path: folder.path + "/none/lock") }
  }
}
