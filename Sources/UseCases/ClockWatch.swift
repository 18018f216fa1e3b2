internal import Journey
internal import OfficeModel
internal import Ports

/// Tells the glass whether the time may be built on, and keeps for the next run what this one knows
/// of it. Until its task is cancelled.
struct ClockWatch: Sendable {
  /// What a power cut may take from the memory: less than the clock's tolerance.
  static let memoryAge = Duration.seconds(300)

  let desk: Desk

  func run() async {
    var shown: ClockTrust?
    var kept: ClockMemory?
    while !Task.isCancelled {
      let trust = desk.ports.clock.trust()
      if trust != shown {
        await tell(trust, before: shown)
        shown = trust
      }
      if let memory = desk.ports.clock.memory(), Self.isNews(memory, after: kept) {
        do throws(PortError) {
          try await desk.ports.store.clock.save(memory)
          kept = memory
        } catch { desk.record("clock.not-kept", error) }
      }
      do {
        try await desk.clockNudge.wait(
          atMost: desk.settings.devicePollInterval * 6, desk.ports.clock)
      } catch { return }
    }
  }

  private func tell(_ trust: ClockTrust, before: ClockTrust?) async {
    desk.sink(.facts(.clock(trusted: trust == .trusted)))
    guard case .untrusted(let reason) = trust else {
      if before != nil { desk.record("clock.trusted", .notice) }
      return
    }
    desk.record("clock.distrusted", .warning, ["reason": reason.rawValue])
    await desk.audit(.clockDistrusted, who: "kiosk", result: reason.rawValue)
  }

  private static func isNews(_ memory: ClockMemory, after kept: ClockMemory?) -> Bool {
    guard let kept, let seen = memory.seen, let before = kept.seen else {
      return memory != kept
    }
    return memory.anchor != kept.anchor || memory.pardoned != kept.pardoned
      || memory.staff != kept.staff
      || seen < before || seen.since(before) >= memoryAge
  }
}
