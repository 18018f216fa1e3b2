/// What a job of a queue has come to, out of the words of the queue and of the printer behind it. A
/// queue alone calls a job completed after a power loss and a torn connection: only the printer's own
/// word makes it true.
enum QueueTruth {
  /// What the printer behind the queue says itself.
  enum Device: Equatable {
    /// It has no IPP: nobody ever knows more than the queue.
    case mute
    case unreachable
    /// All jobs of the key, and the printer afterwards.
    case says([JobSnapshot], PrinterSnapshot)
  }

  /// - Parameters:
  ///   - queued: nil when the queue does not know the job, or cannot be believed about it.
  ///   - queue: nil when there is no such queue any more.
  static func look(
    queued: JobSnapshot?, queue: PrinterSnapshot?, device: Device
  ) -> PrintFollowUp.Look {
    var queued = queued
    // Pages that a filter put out, not sheets.
    queued?.impressions = nil
    switch device {
    case .mute:
      guard var queued, let queue else { return .jobUnknown }
      queued.isDoubted = true
      return .seen(queued, queue)
    case .unreachable:
      guard let queued, queued.neverBegan, let queue else { return .unreachable }
      return .seen(queued, queue)
    case .says(let jobs, var printer):
      if let queue, queue.state == .stopped, queued?.state.isOver == false {
        printer.state = .stopped
        printer.reasons += queue.reasons
      }
      // A try that the printer has not let go of may still come out, whatever became of the others.
      guard var last = jobs.last(where: { !$0.state.isOver }) ?? jobs.last else {
        return withoutDevice(queued, printer)
      }
      guard let queued else {
        last.isDoubted = true
        return .seen(last, printer)
      }
      // Its server may have more to do with it.
      if !queued.state.isOver, last.state.isOver { return .seen(queued, printer) }
      last.reasons += queued.reasons.filter { $0.contains("missing-job-history") }
      // Printed more than once, or although its server was told not to. A try that the printer dropped,
      // or whose document never came, is no copy.
      let copies = jobs.count { !$0.state.isDropped && !$0.reasons.contains("job-incoming") }
      last.isDoubted = copies > 1 || queued.state.isDropped
      return .seen(last, printer)
    }
  }

  /// The printer does not know the job.
  private static func withoutDevice(
    _ queued: JobSnapshot?, _ printer: PrinterSnapshot
  ) -> PrintFollowUp.Look {
    guard let queued, queued.state != .completed else { return .jobUnknown }
    return .seen(queued, printer)
  }
}

extension JobSnapshot.State {
  var isOver: Bool { self == .completed || isDropped }
  var isDropped: Bool { self == .canceled || self == .aborted }
}
