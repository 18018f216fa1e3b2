internal import Foundation
internal import HealthServer
internal import KioskShell
internal import LocalStore
internal import Observability
internal import OfficeModel
internal import Ports

/// Measures when it is asked, and words the answers of the health endpoint.
struct HealthSource: Sendable {
  let identity: KioskIdentity
  let board: HealthBoard
  let heartbeat: Heartbeat
  let clock: ClockPort
  let store: StorePort
  let storeDirectory: String
  let minimumFreeBytes: Int64
  let registry: PrometheusRegistry

  func report() async -> HealthReport {
    let outbox = try? await store.outbox.state()
    let cache = try? await store.cache.state()
    let space = StorageSpace.measure(directory: storeDirectory)

    return HealthJudgement.report(
      identity, board,
      HealthMeasurement(
        moment: clock.now(), clockTrusted: clock.trust() == .trusted, loop: heartbeat.lastLoop,
        frame: heartbeat.lastFrame,
        touch: heartbeat.lastTouch,
        frames: Int(clamping: heartbeat.frameCount), cache: cache ?? nil, outbox: outbox,
        diskWritable: space.map { !$0.isReadOnly } ?? false,
        spaceLow: (space?.freeBytes ?? 0) < minimumFreeBytes, freeBytes: space?.freeBytes))
  }

  func live() async -> HealthServer.Answer { .init(isGood: true, body: "alive") }

  func ready() async -> HealthServer.Answer {
    let report = await report()
    let reasons = report.reasons.map(\.code).joined(separator: ", ")
    return .init(
      isGood: report.verdict != .failing,
      body: report.verdict != .failing ? "ready" : "not ready: \(reasons)")
  }

  func health() async -> HealthServer.Answer {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let report = await report()
    guard let data = try? encoder.encode(report) else {
      return .init(isGood: false, body: "{\"verdict\":\"failing\"}")
    }
    return .init(isGood: true, body: String(decoding: data, as: UTF8.self) + "\n")
  }

  func metrics() async -> String {
    let report = await report()
    func gauge(_ name: String, _ value: Double?, _ labels: [(String, String)] = []) {
      if let value { registry.gauge("anjungan_" + name, labels, value) }
    }
    gauge("ready", report.verdict == .failing ? 0 : 1)
    gauge("uptime_seconds", report.uptimeSeconds)
    gauge("frames", Double(report.glass.frames))
    gauge("last_frame_age_seconds", report.glass.lastFrameSeconds)
    gauge("cache_age_seconds", report.cache.ageSeconds)
    gauge("outbox_depth", Double(report.outbox.depth))
    gauge("outbox_oldest_seconds", report.outbox.oldestSeconds)
    gauge("outbox_dead", Double(report.outbox.dead))
    gauge("storage_free_bytes", report.storage.freeBytes.map(Double.init))
    gauge("server_reachable", report.server.state == "reachable" ? 1 : 0)
    gauge("security_alert", report.security.alert ? 1 : 0)
    for list in report.revocationLists {
      gauge("revocation_list_age_seconds", list.ageSeconds, [("issuer", list.issuer)])
    }
    for (name, journey) in report.journeys {
      gauge("journey_available", journey.available ? 1 : 0, [("journey", name)])
    }
    for (name, device) in report.devices {
      gauge("device_up", device.state == "down" ? 0 : 1, [("device", name)])
    }
    for name in [
      "paper_sheets_left", "paper_documents_left", "paper_sheets_since_refill", "marker_percent",
    ] { registry.forget("anjungan_" + name) }
    for supplies in report.supplies {
      let printer = [("printer", supplies.printer)]
      gauge("paper_sheets_left", supplies.sheetsLeft.map(Double.init), printer)
      gauge("paper_documents_left", supplies.documentsLeft.map(Double.init), printer)
      gauge("paper_sheets_since_refill", supplies.sheetsSinceRefill.map(Double.init), printer)
      for (index, marker) in supplies.markers.enumerated() {
        gauge(
          "marker_percent", marker.percent.map(Double.init),
          printer + [("marker", marker.name ?? String(index + 1))])
      }
    }
    return registry.text
  }
}
