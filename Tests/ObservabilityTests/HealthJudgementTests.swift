import Observability
import OfficeModel
import Ports
import Testing

@Suite struct HealthJudgementTests {
  let identity = KioskIdentity(
    office: "Dinas Contoh", kiosk: "ADM 01", version: "test", demonstration: true)
  let now = Moment(wall: Timestamp(seconds: 1_800_000_000), uptime: Uptime(milliseconds: 100_000))

  private func healthyBoard() -> HealthBoard {
    let board = HealthBoard()
    board.ticketPrinter(.ready, at: now.uptime)
    board.documentPrinter(.ready, at: now.uptime)
    board.card(.empty, at: now.uptime)
    board.server(reachable: true, at: now.uptime)
    return board
  }

  private func measured(
    at uptime: Int64 = 100_000, loop: Int64? = 99_500, clockTrusted: Bool = true,
    cache: Bool = true,
    outbox: OutboxState? = OutboxState(
      waiting: 0, oldest: nil, dead: 0), writable: Bool = true,
    spaceLow: Bool = false
  ) -> HealthMeasurement {
    HealthMeasurement(
      moment: Moment(wall: now.wall, uptime: Uptime(milliseconds: uptime)),
      clockTrusted: clockTrusted, loop: loop.map { Uptime(milliseconds: $0) },
      frame: Uptime(milliseconds: 90_000), touch: nil, frames: 3,
      cache: cache ? CacheState(cursor: "1", syncedAt: Timestamp(seconds: 1_799_999_990)) : nil,
      outbox: outbox, diskWritable: writable, spaceLow: spaceLow, freeBytes: 1 << 30)
  }

  @Test("a kiosk with everything in order is ok, without reasons")
  func healthy() {
    let report = HealthJudgement.report(identity, healthyBoard(), measured())
    #expect(report.verdict == .ok)
    #expect(report.reasons.isEmpty)
    #expect(report.journeys.filter { !$0.value.available }.isEmpty)
    #expect(report.cache.ageSeconds == 10)
    #expect(report.glass.lastLoopSeconds == 0.5)
  }

  @Test("paper out names the printer and stops printing only")
  func paperOut() {
    let board = healthyBoard()
    board.documentPrinter(.down(.mediaEmpty), at: now.uptime)
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.verdict == .degraded)
    #expect(report.reasons.map(\.code) == ["printer.media-empty"])
    #expect(report.journeys["print"]?.available == false)
    #expect(report.journeys["queue"]?.available == true)
  }

  private func printers(
    _ first: PrinterReading, _ second: PrinterReading? = nil
  ) -> HealthReport {
    let board = healthyBoard()
    let readings = [first] + (second.map { [$0] } ?? [])
    for reading in readings {
      board.documentPrinters(readings, looked: reading.name, at: now.uptime)
    }
    return HealthJudgement.report(identity, board, measured())
  }

  @Test("what was heard of a printer is not believed for ever; the other's looks do not renew it")
  func silent() {
    let board = healthyBoard()
    let readings = [
      PrinterReading(name: "utama", fact: .ready), PrinterReading(name: "cadangan", fact: .ready),
    ]
    let limit = HealthJudgement.readingLimit.wholeMilliseconds
    func report(after milliseconds: Int64) -> HealthReport {
      let later = Uptime(milliseconds: now.uptime.milliseconds + milliseconds)
      board.documentPrinters(readings, looked: "cadangan", at: later)
      return HealthJudgement.report(
        identity, board, measured(at: later.milliseconds, loop: later.milliseconds))
    }
    board.documentPrinters(readings, looked: "utama", at: now.uptime)
    #expect(report(after: limit).reasons.isEmpty)
    let late = report(after: limit + 1)
    #expect(late.reasons.map(\.code) == ["printer.silent", "ticket-printer.silent"])
    #expect(late.devices["document_printer"]?.state == "unknown")
    #expect(late.devices["second_document_printer"]?.state == "ready")
    #expect(late.devices["ticket_printer"]?.state == "unknown")
    #expect(late.devices["document_printer"]?.ageSeconds == Double(limit + 1) / 1000)
  }

  @Test("of two printers each is told by itself; printing goes on while one can")
  func twoPrinters() {
    let report = printers(
      PrinterReading(name: "utama", fact: .down(.mediaJam)),
      PrinterReading(name: "cadangan", fact: .attention(.markerSupplyLow)))
    #expect(
      report.reasons.map(\.code) == ["printer.media-jam", "second-printer.marker-supply-low"])
    #expect(report.devices["document_printer"]?.fault == "media-jam")
    #expect(report.devices["second_document_printer"]?.state == "attention")
    #expect(report.journeys["print"]?.available == true)
    #expect(report.verdict == .degraded)
  }

  @Test("paper and toner that run out are reasons, with numbers, before they have run out")
  func supplies() throws {
    let refill = PaperRefill(
      printer: "utama", at: now.wall, sheets: 30, isEstimate: false, counter: 100)
    let supplies = PrinterSupplies(
      markers: [
        .init(name: "Hitam", level: .percent(7), lowLevel: 10), .init(name: nil, level: .some),
      ], sheetCounter: 112)
    func reading(_ fact: DeviceFact) -> PrinterReading {
      PrinterReading(
        name: "utama", fact: fact, supplies: supplies,
        paper: PaperForecast(
          refill: refill, supplies: supplies, recent: RecentPrints(documents: 10, sheets: 20),
          isEmpty: false))
    }
    let report = printers(reading(.ready))
    #expect(report.reasons.map(\.code) == ["printer.paper-runs-out", "printer.marker-supply-low"])
    #expect(report.reasons.first?.advice.contains("9 more document") == true)
    let told = try #require(report.supplies.first)
    #expect(told.sheetsLeft == 18 && told.documentsLeft == 9 && told.sheetsSinceRefill == 12)
    #expect(told.markers.map(\.percent) == [7, nil])
    // What is out says more than what is low.
    #expect(
      printers(reading(.down(.mediaEmpty))).reasons.map(\.code)
        == ["printer.media-empty", "printer.marker-supply-low"])
    #expect(
      printers(reading(.down(.markerSupplyEmpty))).reasons.map(\.code)
        == ["printer.marker-supply-empty", "printer.paper-runs-out"])
  }

  @Test(
    "every fault of a printer is a reason of its own with advice", arguments: DeviceFault.allCases)
  func everyFault(_ fault: DeviceFault) {
    let report = printers(
      PrinterReading(name: "utama", fact: fault.isWarning ? .attention(fault) : .down(fault)))
    #expect(report.reasons.map(\.code) == ["printer." + fault.rawValue])
    #expect(report.reasons.first?.advice == fault.advice.english)
    #expect(report.devices["document_printer"]?.state == (fault.isWarning ? "attention" : "down"))
  }

  @Test("a scanner that is not ours is named, and citizens can type")
  func scanner() {
    let board = healthyBoard()
    board.scanner("Contoh", .ready, at: now.uptime)
    let well = HealthJudgement.report(identity, board, measured())
    #expect(well.verdict == .ok)
    #expect(well.devices["scanner_1"]?.state == "ready")
    for state in ScannerState.allCases where state != .ready {
      board.scanner("Contoh", state, at: now.uptime)
      let report = HealthJudgement.report(identity, board, measured())
      #expect(report.verdict == .degraded)
      #expect(report.reasons.map(\.code) == ["scanner.\(state.rawValue)"])
      #expect(report.devices["scanner_1"]?.state == state.rawValue)
      #expect(report.journeys["print"]?.available == true)
    }
  }

  @Test("a store that did not open fails, with what is to be done and no other word for it")
  func damagedStore() {
    let board = healthyBoard()
    board.outOfService("storage.damaged")
    board.storeTrouble(code: "storage.damaged", advice: "Call support.")
    let report = HealthJudgement.report(identity, board, measured(cache: false, outbox: nil))
    #expect(report.verdict == .failing)
    #expect(
      report.reasons.map(\.code) == ["kiosk.out-of-service", "storage.damaged", "cache.empty"])
    #expect(report.reasons.first { $0.code == "storage.damaged" }?.advice == "Call support.")
  }

  @Test("a time that nobody vouches for stops numbers and prints, and nothing else")
  func untrustedClock() {
    let board = healthyBoard()
    let report = HealthJudgement.report(identity, board, measured(clockTrusted: false))
    #expect(report.verdict == .degraded)
    #expect(report.reasons.map(\.code) == ["clock.untrusted"])
    for name in ["queue", "print"] {
      #expect(report.journeys[name]?.available == false)
      #expect(report.journeys[name]?.reason == "clock.untrusted")
    }
    #expect(report.journeys["status"]?.available == true)
  }

  @Test("a hung screen fails however well the rest is")
  func hung() {
    let report = HealthJudgement.report(identity, healthyBoard(), measured(loop: 0))
    #expect(report.verdict == .failing)
    #expect(report.reasons.map(\.code) == ["glass.hung"])
  }

  @Test("staff PINs that were guessed at are told for a day, and stop nothing")
  func staffLocked() {
    let board = healthyBoard()
    board.staffLocked(at: Uptime(milliseconds: 90_000))
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.verdict == .degraded)
    #expect(report.reasons.map(\.code) == ["staff.pin-locked"])
    let next: Int64 = 90_000 + 86_400_000
    board.ticketPrinter(.ready, at: Uptime(milliseconds: next))
    board.documentPrinter(.ready, at: Uptime(milliseconds: next))
    let later = HealthJudgement.report(identity, board, measured(at: next, loop: next))
    #expect(later.reasons.isEmpty)
  }

  @Test("a screen that has not come up yet is not ready, and hung only after its limit")
  func starting() {
    let first = HealthJudgement.report(identity, healthyBoard(), measured(at: 300, loop: nil))
    #expect(first.verdict == .failing)
    #expect(first.reasons.map(\.code) == ["glass.starting"])
    let late = HealthJudgement.report(identity, healthyBoard(), measured(at: 20_001, loop: nil))
    #expect(late.verdict == .failing)
    #expect(late.reasons.map(\.code) == ["glass.hung"])
  }

  @Test("without the server, status from the cache keeps the kiosk in service")
  func serverGone() {
    let board = healthyBoard()
    board.server(reachable: false, at: now.uptime)
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.verdict == .degraded)
    #expect(report.journeys["status"]?.available == true)
    #expect(report.journeys["print"]?.reason == "server.unreachable")
  }

  @Test("a store that cannot be written and an empty cache leave nothing to serve")
  func nothingLeft() {
    let report = HealthJudgement.report(
      identity, healthyBoard(), measured(cache: false, writable: false))
    #expect(report.verdict == .failing)
    #expect(report.reasons.map(\.code).contains("storage.not-writable"))
  }

  @Test("an unreadable printer is unknown, not broken")
  func unknownPrinter() {
    let board = healthyBoard()
    board.documentPrinter(.unknown, at: now.uptime)
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.devices["document_printer"]?.state == "unknown")
    #expect(report.journeys["print"]?.available == true)
    #expect(report.verdict == .degraded)
  }

  @Test("a store that refuses commits is seen, whatever the disk says")
  func storeRefuses() {
    let board = healthyBoard()
    board.store(writable: false, at: now.uptime)
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.storage.writable == false)
    #expect(report.journeys["queue"]?.available == false)
    #expect(report.reasons.map(\.code) == ["storage.not-writable"])
  }

  @Test("little room is told before nothing works")
  func lowSpace() {
    let report = HealthJudgement.report(identity, healthyBoard(), measured(spaceLow: true))
    #expect(report.reasons.map(\.code) == ["storage.low-space"])
    #expect(report.journeys["queue"]?.available == true)
  }

  @Test("without a working verifier nothing can be printed, and health says so")
  func verifierGone() {
    let board = healthyBoard()
    board.verifier(confinement: nil, at: now.uptime)
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.journeys["print"]?.reason == "verifier.unusable")
    #expect(report.verdict == .degraded)
    board.verifier(confinement: "rlimits seccomp", at: now.uptime)
    #expect(HealthJudgement.report(identity, board, measured()).verdict == .ok)
  }

  @Test("a refused document is a reason until staff have looked")
  func securityEvent() {
    let board = healthyBoard()
    board.securityEvent(reason: "modified_after_signing", at: Uptime(milliseconds: 40_000))
    board.securityEvent(reason: "issuer_not_pinned", at: Uptime(milliseconds: 90_000))
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.reasons.map(\.code) == ["document.security-event"])
    #expect(report.reasons.first?.advice.contains("(issuer_not_pinned)") == true)
    #expect(
      report.security
        == HealthReport.Security(
          events: 2, lastReason: "issuer_not_pinned", lastSeconds: 10, alert: true))
  }

  @Test("a day later the alert is over, and the count stays")
  func securityAlertEnds() {
    let day = HealthJudgement.securityAlertDuration.wholeMilliseconds
    for (age, alert) in [(day - 1, true), (day, false)] {
      let board = healthyBoard()
      board.securityEvent(
        reason: "revoked", at: Uptime(milliseconds: now.uptime.milliseconds - age))
      let report = HealthJudgement.report(identity, board, measured())
      #expect(report.security.alert == alert)
      #expect(report.security.events == 1)
      #expect(report.reasons.isEmpty != alert)
    }
  }

  @Test("what is wrong with the trust folder degrades the kiosk, and lists tell their age")
  func trust() {
    let board = healthyBoard()
    board.trust(
      TrustHealth(
        lists: [
          .init(issuer: "CA UJI", number: "7", issued: Timestamp(seconds: 1_799_913_600))
        ],
        reasons: [.init(code: "revocation-list.old", advice: "Bring a newer one.")]))
    let report = HealthJudgement.report(identity, board, measured())
    #expect(report.verdict == .degraded)
    #expect(report.reasons.map(\.code) == ["revocation-list.old"])
    #expect(
      report.revocationLists
        == [HealthReport.RevocationList(issuer: "CA UJI", number: "7", ageSeconds: 86_400)])
  }
}
