import Observability
import OfficeModel
import Ports
import Testing

@Suite("Certificates of the connection in the health report")
struct ConnectionHealthTests {
  private static let now = Moment(
    wall: Timestamp(seconds: 1_800_000_000), uptime: Uptime(milliseconds: 60_000))

  private func report(_ days: [(role: String, days: Int)]) -> HealthReport {
    let board = HealthBoard()
    board.connection(
      ConnectionHealth(
        certificates: days.map {
          .init(
            role: $0.role, validUntil: Self.now.wall.adding(.seconds($0.days * 86_400 + 60)))
        }))
    return HealthJudgement.report(
      KioskIdentity(office: "Contoh", kiosk: "uji", version: "0", demonstration: false), board,
      HealthMeasurement(
        moment: Self.now, clockTrusted: true, loop: Self.now.uptime, frame: nil, touch: nil,
        frames: 0, cache: nil, outbox: nil, diskWritable: true, spaceLow: false, freeBytes: nil))
  }

  @Test(
    "a certificate is a reason from a month before its end on, and always told",
    arguments: [
      (400, nil), (31, nil), (29, "tls.kiosk.expires"), (0, "tls.kiosk.expires"),
      (-1, "tls.kiosk.expired"),
    ])
  func expiry(days: Int, code: String?) {
    let report = report([("kiosk", days), ("dinasRoot", 4000)])
    #expect(report.reasons.map(\.code).filter { $0.hasPrefix("tls.") } == (code.map { [$0] } ?? []))
    #expect(report.certificates.map(\.role) == ["kiosk", "dinasRoot"])
    #expect(report.certificates.first?.validSeconds == Double(days * 86_400 + 60))
  }
}
