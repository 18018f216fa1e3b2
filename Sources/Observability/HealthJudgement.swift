internal import OfficeModel
internal import Ports

/// Judges a kiosk: from what was measured to a verdict with reasons. Pure, so that every row of the
/// fault matrix can be tested.
public enum HealthJudgement {
  /// How long a security event stays a reason: a day, so that whoever opens the office the next
  /// morning still sees it. A restart of the kiosk acknowledges it; log and counter keep it.
  public static let securityAlertDuration = Duration.seconds(86_400)

  /// A printer of which nothing was heard for so long is not known any more, whatever was heard last:
  /// its driver hangs. Seven looks at the slowest pace.
  public static let readingLimit = Duration.seconds(300)

  public static func report(
    _ identity: KioskIdentity, _ board: HealthBoard, _ now: HealthMeasurement
  ) -> HealthReport {
    let known = board.snapshot()
    var reasons: [HealthReport.Reason] = []
    func say(_ code: String, _ advice: String) {
      reasons.append(HealthReport.Reason(code: code, advice: advice))
    }
    func age(_ stamp: Uptime?) -> Double? {
      stamp.map { Double(now.moment.uptime.since($0).wholeMilliseconds) / 1000 }
    }
    func isSilent(_ stamp: Uptime?) -> Bool {
      stamp.map { now.moment.uptime.since($0) > readingLimit } ?? false
    }

    // Before its first turn the loop has as long as between two.
    let isHung =
      now.moment.uptime.since(now.loop ?? Uptime(milliseconds: 0)) > identity.heartbeatLimit
    if isHung {
      say("glass.hung", "The screen does not turn: restart the service.")
    } else if now.loop == nil {
      say("glass.starting", "The screen has not come up yet: wait some seconds.")
    }
    if let reason = known.outOfService { say("kiosk.out-of-service", reason) }
    let storeWorks =
      now.diskWritable && now.outbox != nil && known.storeWritable?.value != false
    if let trouble = known.storeTrouble {
      reasons.append(trouble)
    } else if !storeWorks {
      say("storage.not-writable", "Make room on the disk or look at its state.")
    } else if now.spaceLow {
      say("storage.low-space", "Make room on the disk: new documents are no longer kept.")
    }
    if !now.clockTrusted {
      say(
        "clock.untrusted",
        "No numbers and prints: confirm date and time at the kiosk, or bring the network back.")
    }
    if let verifier = known.verifier, verifier.value == nil {
      say(
        "verifier.unusable",
        "No document is printed: see that anjungan-verify runs and the trust folder is complete.")
    }
    if let dead = now.outbox?.dead, dead > 0 {
      say("outbox.dead-letters", "The server refused \(dead) item(s) for good: see the log.")
    }
    if known.serverReachable?.value == false {
      say("server.unreachable", "Check the network and the Dinas server.")
    }
    if now.cache == nil { say("cache.empty", "No data of the Dinas has arrived yet.") }
    let security = security(known, now.moment.uptime)
    if security.alert, let reason = security.lastReason {
      let meaning = ReasonMeaning.of(reason)?.english ?? "A document did not verify."
      say("document.security-event", "\(meaning) (\(reason)) See the log, and ask the Dinas.")
    }
    if let at = known.staffLockedAt, now.moment.uptime.since(at) < securityAlertDuration {
      say("staff.pin-locked", "Wrong staff PINs locked the door: ask who tried, see the record.")
    }
    reasons += known.trust?.reasons ?? []
    reasons += known.connection?.reasons(now.moment.wall) ?? []

    let documents = documentPrinters(known, isSilent, say)
    let ticketPrinter = printer(
      known.ticketPrinter?.value, isSilent: isSilent(known.ticketPrinter?.at), "ticket-printer",
      say)
    let scanners = scanners(known, say)
    let card = reader(known.card?.value, identity, say)
    if known.cardTalksHang {
      say(
        "card-reader.hangs",
        "A card never answered: take it off. Else the kiosk restarts when nobody uses it.")
    }
    let readsCards = (card.state == "empty" || card.state == "present") && !known.cardTalksHang

    let journeys = [
      "queue": HealthReport.JourneyState(
        available: storeWorks && now.clockTrusted,
        reason: !storeWorks
          ? "storage.not-writable" : now.clockTrusted ? nil : "clock.untrusted"),
      "status": HealthReport.JourneyState(
        available: now.cache != nil && now.outbox != nil,
        reason: now.cache == nil ? "cache.empty" : nil),
      "print": printJourney(known, now, storeWorks),
      "card": HealthReport.JourneyState(
        available: readsCards,
        reason: readsCards
          ? nil : "card-reader.\(known.cardTalksHang ? "hangs" : card.state)"),
    ]
    let canServe =
      now.loop != nil && !isHung && known.outOfService == nil
      && ["queue", "status", "print"].contains { journeys[$0]?.available == true }

    return HealthReport(
      verdict: !canServe ? .failing : reasons.isEmpty ? .ok : .degraded,
      reasons: reasons, office: identity.office, kiosk: identity.kiosk, version: identity.version,
      demonstration: identity.demonstration,
      uptimeSeconds: Double(now.moment.uptime.milliseconds) / 1000,
      glass: HealthReport.Glass(
        lastLoopSeconds: age(now.loop), lastFrameSeconds: age(now.frame),
        lastTouchSeconds: age(now.touch), frames: now.frames),
      devices: [
        "ticket_printer": device(ticketPrinter, age(known.ticketPrinter?.at)),
        "card_reader": device(card, age(known.card?.at)),
      ].merging(documents.map { ($0, device($1, age($2))) }) { first, _ in first }
        .merging(scanners.map { ($0, device($1, age($2))) }) { first, _ in first },
      journeys: journeys,
      server: HealthReport.Device(
        state: known.serverReachable.map { $0.value ? "reachable" : "unreachable" } ?? "unknown",
        ageSeconds: age(known.serverReachable?.at)),
      cache: HealthReport.Cache(
        ageSeconds: now.cache.map {
          Double(now.moment.wall.since($0.syncedAt).wholeMilliseconds) / 1000
        }),
      outbox: HealthReport.Outbox(
        depth: now.outbox?.waiting ?? -1,
        oldestSeconds: now.outbox?.oldest.map {
          Double(now.moment.wall.since($0).wholeMilliseconds) / 1000
        },
        dead: now.outbox?.dead ?? 0),
      storage: HealthReport.Storage(writable: storeWorks, freeBytes: now.freeBytes),
      security: security,
      revocationLists: (known.trust?.lists ?? []).map {
        HealthReport.RevocationList(
          issuer: $0.issuer, number: $0.number,
          ageSeconds: Double(now.moment.wall.since($0.issued).wholeMilliseconds) / 1000)
      },
      confinement: known.verifier?.value,
      certificates: (known.connection?.certificates ?? []).map {
        HealthReport.Certificate(
          role: $0.role,
          validSeconds: Double($0.validUntil.since(now.moment.wall).wholeMilliseconds) / 1000)
      },
      supplies: known.documentPrinters.map(HealthReport.Supplies.init))
  }

  private static func security(
    _ known: HealthBoard.State, _ now: Uptime
  ) -> HealthReport.Security {
    let age = known.lastSecurityEvent.map { now.since($0.at) }
    return HealthReport.Security(
      events: known.securityEvents, lastReason: known.lastSecurityEvent?.value,
      lastSeconds: age.map { Double($0.wholeMilliseconds) / 1000 },
      alert: age.map { $0 < securityAlertDuration } ?? false)
  }

  private typealias Found = (state: String, fault: String?)

  private static func device(_ found: Found, _ age: Double?) -> HealthReport.Device {
    HealthReport.Device(state: found.state, fault: found.fault, ageSeconds: age)
  }

  /// Each A4 printer by itself; with one that can print, the other's fault is a reason to look and no
  /// more.
  private static func documentPrinters(
    _ known: HealthBoard.State, _ isSilent: (Uptime?) -> Bool, _ say: (String, String) -> Void
  ) -> [(String, Found, Uptime?)] {
    guard !known.documentPrinters.isEmpty else {
      let look = known.documentPrinter
      let found = printer(look?.value, isSilent: isSilent(look?.at), "printer", say)
      return [("document_printer", found, look?.at)]
    }
    return zip(
      known.documentPrinters,
      [("document_printer", "printer"), ("second_document_printer", "second-printer")]
    ).map { reading, names in
      let look = known.documentPrinterLooks[reading.name]
      let found = printer(reading.fact, isSilent: isSilent(look), names.1, say)
      supplies(reading, names.1, say)
      return (names.0, found, look)
    }
  }

  private static func supplies(
    _ reading: PrinterReading, _ name: String, _ say: (String, String) -> Void
  ) {
    let told = reading.fact.fault
    // Out of paper or toner says more than soon out of it.
    if reading.paper.isLow, told != .mediaEmpty {
      let left =
        reading.paper.documentsLeft.map { "about \($0) more document(s)" }
        ?? "about \(reading.paper.sheetsLeft ?? 0) sheet(s)"
      say("\(name).paper-runs-out", "Bring paper: there is enough for \(left).")
    }
    if let marker = reading.supplies?.markers.first(where: \.isLow), told != .markerSupplyEmpty,
      told != .markerSupplyLow
    {
      say(
        "\(name).marker-supply-low",
        "\(marker.name ?? "Toner") is low: \(DeviceFault.markerSupplyLow.advice.english)")
    }
  }

  private static func printer(
    _ fact: DeviceFact?, isSilent: Bool, _ name: String, _ say: (String, String) -> Void
  ) -> Found {
    if isSilent {
      say("\(name).silent", "Nothing was heard of it for minutes: look at it, restart the service.")
      return ("unknown", nil)
    }
    switch fact {
    case .ready: return ("ready", nil)
    case .attention(let fault):
      say("\(name).\(fault.rawValue)", fault.advice.english)
      return ("attention", fault.rawValue)
    case .down(let fault):
      say("\(name).\(fault.rawValue)", fault.advice.english)
      return ("down", fault.rawValue)
    case .absent: return ("absent", nil)
    case .unknown, nil:
      say("\(name).unknown", "Its status cannot be read; that is not the same as broken.")
      return ("unknown", nil)
    }
  }

  private static func reader(
    _ reading: CardReading?, _ identity: KioskIdentity, _ say: (String, String) -> Void
  ) -> Found {
    guard identity.cardReaderConfigured else { return ("absent", nil) }
    switch reading {
    case .empty: return ("empty", nil)
    case .present(let kind):
      return ("present", kind == .mute || kind == .error ? kind.rawValue : nil)
    case .noReader:
      say("card-reader.no-reader", "Plug the card reader in.")
      return ("no-reader", nil)
    case .serviceGone:
      say("card-reader.service-gone", "pcscd does not answer; it is tried again by itself.")
      return ("service-gone", nil)
    case nil: return ("unknown", nil)
    }
  }

  private static func scanners(
    _ known: HealthBoard.State, _ say: (String, String) -> Void
  ) -> [(String, Found, Uptime)] {
    known.scanners.sorted { $0.key < $1.key }.enumerated().map { index, scanner in
      let state = scanner.value.value
      if let advice = state.advice {
        say("scanner.\(state.rawValue)", "\(scanner.key): \(advice.english)")
      }
      return ("scanner_\(index + 1)", (state.rawValue, nil), scanner.value.at)
    }
  }

  private static func printJourney(
    _ known: HealthBoard.State, _ now: HealthMeasurement, _ storeWorks: Bool
  ) -> HealthReport.JourneyState {
    let printer = known.documentPrinter?.value
    guard storeWorks else { return .init(available: false, reason: "storage.not-writable") }
    guard now.clockTrusted else { return .init(available: false, reason: "clock.untrusted") }
    if case .down(let fault) = printer {
      return .init(available: false, reason: "printer.\(fault.rawValue)")
    }
    if printer == .absent { return .init(available: false, reason: "printer.absent") }
    if let verifier = known.verifier, verifier.value == nil {
      return .init(available: false, reason: "verifier.unusable")
    }
    guard known.serverReachable?.value == true else {
      return .init(available: false, reason: "server.unreachable")
    }
    return .init(available: true)
  }
}
