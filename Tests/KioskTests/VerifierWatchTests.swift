import Foundation
import Observability
import OfficeModel
import Ports
import Testing
import VerifierClient

@testable import Kiosk

@Suite("Watching the verifier")
struct VerifierWatchTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/tte-corpus").path
  private static let helper = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan-verify").path

  /// Health after one look at a trust folder with the lists of `crl`, at a time of the corpus.
  private func health(
    crl: String, now: Int64, isDemonstration: Bool = false
  ) async throws -> HealthReport {
    let moment = Moment(wall: Timestamp(seconds: now), uptime: Uptime(milliseconds: 1000))
    var settings = DocumentVerifier.Settings(trust: Self.corpus + "/trust")
    settings.revocationLists = Self.corpus + "/crl/" + crl
    let board = HealthBoard()
    let watch = VerifierWatch(
      verifier: DocumentVerifier(helper: Self.helper, settings: settings),
      trust: TrustTool(helper: Self.helper, settings: settings),
      isDemonstration: isDemonstration, board: board,
      clock: ClockPort(now: { moment }, sleep: { _ in throw CancellationError() }))
    try await watch.run()
    return HealthJudgement.report(
      KioskIdentity(
        office: "Dinas Contoh", kiosk: "ADM 01", version: "test", demonstration: isDemonstration),
      board,
      HealthMeasurement(
        moment: moment, clockTrusted: true, loop: moment.uptime, frame: nil, touch: nil,
        frames: 0, cache: nil, outbox: nil, diskWritable: true, spaceLow: false, freeBytes: nil))
  }

  private func codes(_ report: HealthReport) -> Set<String> {
    Set(report.reasons.map(\.code).filter { $0.hasPrefix("revocation-list") })
  }

  @Test("health tells the age of each authority's newest list, and what is wrong with lists")
  func fresh() async throws {
    let report = try await health(crl: "fresh", now: 1_795_176_000)
    #expect(report.confinement?.contains("seccomp") == true)
    let list = report.revocationLists.first { $0.issuer.hasPrefix("BSRE CA UJI DS G1") }
    #expect(list?.number == "20777")
    #expect(list?.ageSeconds == 43_200)
    // The list of a provider that is not ours lies there.
    #expect(codes(report) == ["revocation-list.useless"])
  }

  @Test("old lists are told, in an office and not in a demonstration")
  func stale() async throws {
    let report = try await health(crl: "stale", now: 1_795_176_000)
    #expect(codes(report) == ["revocation-list.too-old", "revocation-list.missing"])
    let demonstration = try await health(
      crl: "stale", now: 1_795_176_000, isDemonstration: true)
    #expect(codes(demonstration) == ["revocation-list.missing"])
  }
}
