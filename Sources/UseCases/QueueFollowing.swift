internal import Journey
internal import OfficeModel
internal import Ports

extension Desk {
  /// Tells the glass of the lines as the store has them now.
  func followQueue() async {
    do throws(PortError) {
      guard let state = try await ports.store.tickets.lines() else { return }
      sink(.facts(.queue(QueueFacts(lines: state.lines, asOf: state.asOf))))
    } catch {
      if error.code != .cancelled { record("queue.not-read", error) }
    }
  }
}
