internal import DinasProtocol
internal import OfficeModel
internal import Ports

/// Tells the server daily how the audit log ends, so that a tail which is cut off here is missed
/// there. Until its task is cancelled.
struct AuditWatch: Sendable {
  static let interval = Duration.seconds(86_400)

  let desk: Desk

  func run() async {
    await desk.audit(.kioskStarted, who: "kiosk", subject: desk.runID)
    while !Task.isCancelled {
      await report()
      guard (try? await desk.ports.clock.sleep(Self.interval)) != nil else { break }
    }
    // Not part of what was cancelled: the end belongs on the record.
    let desk = desk
    await Task { _ = await desk.audit(.kioskStopped, who: "kiosk", subject: desk.runID) }.value
  }

  private func report() async {
    do throws(PortError) {
      guard let head = try await desk.ports.store.audit.head() else { return }
      _ = await desk.enqueue(
        .auditHead(sequence: head.sequence, hash: head.hash), stream: "audit")
    } catch { desk.record("audit.not-reported", error) }
  }
}
