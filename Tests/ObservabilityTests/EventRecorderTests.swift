import Logging
import Observability
import OfficeModel
import Ports
import Testing

@Suite("The event recorder")
struct EventRecorderTests {
  @Test("a security event reaches health with its reason and its time, and no other event does")
  func security() {
    let board = HealthBoard()
    let recorder = EventRecorder(
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, board: board,
      uptime: { Uptime(milliseconds: 5_000) })
    let port = recorder.port()
    port.record(KioskEvent("document.untrusted", level: .warning, ["reason": "expired"]))
    port.record(.security(reason: "digest_mismatch", step: "download"))
    let moment = Moment(wall: Timestamp(seconds: 0), uptime: Uptime(milliseconds: 7_000))
    let report = HealthJudgement.report(
      KioskIdentity(office: "Dinas Contoh", kiosk: "ADM 01", version: "test", demonstration: true),
      board,
      HealthMeasurement(
        moment: moment, clockTrusted: true, loop: nil, frame: nil, touch: nil, frames: 0,
        cache: nil, outbox: nil, diskWritable: true, spaceLow: false, freeBytes: nil))
    #expect(
      report.security
        == HealthReport.Security(
          events: 1, lastReason: "digest_mismatch", lastSeconds: 2, alert: true))
  }
}
