import OfficeModel
import Ports
import Testing

@testable import Printing

@Suite("Two words about one job of a queue")
struct QueueTruthTests {
  private typealias Job = JobSnapshot
  private let idle = PrinterSnapshot(state: .idle, reasons: ["none"], isAccepting: true, counter: 5)
  private let stopped = PrinterSnapshot(state: .stopped, reasons: ["paused"], isAccepting: true)

  private func job(_ state: Job.State, _ reasons: [String] = []) -> Job {
    Job(state: state, reasons: reasons)
  }

  /// The state that the follow-up is told, and whether it is to believe it.
  private func told(
    _ queued: Job?, _ device: [Job], queue: PrinterSnapshot? = nil
  ) -> (state: Job.State, isDoubted: Bool)? {
    let look = QueueTruth.look(
      queued: queued, queue: queue ?? idle, device: .says(device, idle))
    guard case .seen(let job, _) = look else { return nil }
    return (
      job.state, job.isDoubted || job.reasons.contains { $0.contains("missing-job-history") }
    )
  }

  @Test("completed is what both call completed, once")
  func both() throws {
    let plain = try #require(told(job(.completed), [job(.completed)]))
    #expect(plain == (.completed, false))
    // A torn try before it is no copy, once the printer has let go of it.
    let torn = job(.canceled, ["job-canceled-by-user"])
    let after = try #require(told(job(.completed), [torn, job(.completed)]))
    #expect(after == (.completed, false))
    let twice = try #require(told(job(.completed), [job(.completed), job(.completed)]))
    #expect(twice == (.completed, true))
    let history = job(.completed, ["cups-ipp-missing-job-history"])
    #expect(try #require(told(history, [job(.completed)])).isDoubted)
  }

  @Test("what the printer does not know, or did otherwise, the queue cannot vouch for")
  func otherwise() throws {
    #expect(told(job(.completed), []) == nil)
    #expect(told(nil, []) == nil)
    let aborted = try #require(told(job(.completed), [job(.aborted)]))
    #expect(aborted.state == .aborted)
    let against = try #require(told(job(.canceled), [job(.completed)]))
    #expect(against == (.completed, true))
    let forgotten = try #require(told(nil, [job(.completed)]))
    #expect(forgotten == (.completed, true))
  }

  @Test("a job is under way until both have done with it")
  func underWay() throws {
    #expect(try #require(told(job(.processing), [job(.completed)])).state == .processing)
    #expect(try #require(told(job(.completed), [job(.held, ["job-incoming"])])).state == .held)
    #expect(try #require(told(job(.pending), [])).state == .pending)
    for last in [Job.State.canceled, .completed] {
      for earlier in [job(.held, ["job-incoming"]), job(.stopped)] {
        #expect(try #require(told(job(.canceled), [earlier, job(last)])).state == earlier.state)
      }
    }
  }

  @Test("a queue that stands still holds a job that is not over")
  func standsStill() {
    let look = QueueTruth.look(queued: job(.pending), queue: stopped, device: .says([], idle))
    guard case .seen(_, let printer) = look else {
      Issue.record("\(look)")
      return
    }
    #expect(printer.fault == .stopped)
    #expect(printer.counter == 5)
  }

  @Test("of a device that cannot be asked nothing is believed but what never began")
  func mute() {
    for state in [Job.State.completed, .canceled, .aborted] {
      let look = QueueTruth.look(queued: job(state), queue: idle, device: .mute)
      guard case .seen(let seen, _) = look else {
        Issue.record("\(look)")
        return
      }
      #expect(seen.isDoubted)
    }
    var never = job(.canceled)
    never.neverBegan = true
    for device in [QueueTruth.Device.mute, .unreachable, .says([], idle)] {
      let look = QueueTruth.look(queued: never, queue: idle, device: device)
      var followUp = PrintFollowUp(limits: .init(), counterBefore: nil, pages: 1, at: .zero)
      #expect(followUp.handle(look, at: .zero) == [.report(.ended(.notPrinted, fault: nil))])
    }
    #expect(
      QueueTruth.look(queued: job(.completed), queue: idle, device: .unreachable) == .unreachable)
  }
}
