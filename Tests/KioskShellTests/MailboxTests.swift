import Dispatch
import Journey
import OfficeModel
import Synchronization
import Testing

@testable import KioskShell

@Suite("Mailbox") struct MailboxTests {
  @Test("what one thread sends arrives in its order, and a batch wakes once")
  func order() {
    let mailbox = Mailbox()
    let wakes = Atomic<Int>(0)
    mailbox.onArrival { wakes.add(1, ordering: .relaxed) }
    DispatchQueue.concurrentPerform(iterations: 4) { sender in
      for number in 0..<500 {
        mailbox.send(.facts(.outOfService(reason: "\(sender) \(number)")))
      }
    }
    #expect(wakes.load(ordering: .relaxed) == 1)
    var next = [0, 0, 0, 0]
    for action in mailbox.drain() {
      guard case .facts(.outOfService(let reason)) = action else { continue }
      let parts = (reason ?? "").split(separator: " ").compactMap { Int($0) }
      #expect(parts.count == 2 && parts[1] == next[parts[0]])
      next[parts[0]] += 1
    }
    #expect(next == [500, 500, 500, 500])
    mailbox.send(.deadline)
    #expect(wakes.load(ordering: .relaxed) == 2)
  }

  @Test("a full mailbox drops the newest and says so")
  func full() {
    let mailbox = Mailbox()
    for _ in 0..<Mailbox.limit { mailbox.send(.touchedNothing) }
    #expect(!mailbox.send(.deadline))
    #expect(mailbox.dropped == 1)
    #expect(mailbox.drain().count == Mailbox.limit)
    #expect(mailbox.send(.deadline))
  }

  @Test("what was sent before the loop ran wakes it at once")
  func early() {
    let mailbox = Mailbox()
    mailbox.send(.deadline)
    let wakes = Atomic<Int>(0)
    mailbox.onArrival { wakes.add(1, ordering: .relaxed) }
    #expect(wakes.load(ordering: .relaxed) == 1)
  }
}
