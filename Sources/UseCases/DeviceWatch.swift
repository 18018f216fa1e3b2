internal import Journey
internal import OfficeModel
internal import Ports

/// Absence is believed at the second look, everything else at the first: a cable that is pushed back
/// or one lost answer shows nothing, a device that is back is used at once.
struct Debounce: Sendable, Equatable {
  static let missesLimit = 2
  /// A device that was ready for so many looks is looked at less often: a minute at the usual pace.
  static let calmAfter = 20
  static let calmFactor = 4
  private(set) var shown: DeviceFact?
  private var misses = 0
  private var calmLooks = 0

  /// Until the next look. A fault that ends is seen at the usual pace; one that begins in a calm time
  /// is also seen by whoever prints, who asks the device before.
  func pause(_ usual: Duration) -> Duration {
    calmLooks >= Self.calmAfter ? usual * Self.calmFactor : usual
  }

  /// What to show now; nil when nothing changes.
  mutating func look(_ fact: DeviceFact) -> DeviceFact? {
    calmLooks = fact == .ready && shown == .ready ? min(calmLooks + 1, Self.calmAfter) : 0
    if Self.isAbsence(fact) {
      misses = min(misses + 1, Self.missesLimit)
      // At the very first look there is nothing better to show.
      guard misses >= Self.missesLimit || shown == nil else { return nil }
    } else {
      misses = 0
    }
    guard fact != shown else { return nil }
    shown = fact
    return fact
  }

  private static func isAbsence(_ fact: DeviceFact) -> Bool {
    fact == .down(.offline) || fact == .unknown
  }
}

/// Asks the printers how they are, again and again, until its task is cancelled.
struct DeviceWatch: Sendable {
  let desk: Desk

  func run() async {
    desk.printers.begin()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await watch("ticket-printer", desk.ports.ticketPrinter.state) { fact, isNews in
          if isNews { desk.sink(.facts(.ticketPrinter(fact))) }
          desk.looked(.ticketPrinter(fact))
        }
      }
      for printer in desk.printers.printers {
        group.addTask {
          await watch("document-printer:" + printer.name, printer.port.state) { fact, _ in
            if desk.printers.looked(at: printer.name, fact) {
              await PaperDesk(desk: desk).noticed(printer)
            }
          }
        }
        group.addTask { await PaperDesk(desk: desk).watch(printer) }
      }
    }
  }

  /// - Parameter tell: gets what is believed of the device after every look.
  private func watch(
    _ name: String, _ state: @Sendable () async -> DeviceFact,
    _ tell: @Sendable (_ shown: DeviceFact, _ isNews: Bool) async -> Void
  ) async {
    var debounce = Debounce()
    while !Task.isCancelled {
      let news = debounce.look(await state())
      if let news {
        desk.record("device.changed", .notice, ["device": name, "state": news.word])
      }
      if let shown = debounce.shown { await tell(shown, news != nil) }
      let pause = debounce.pause(desk.settings.devicePollInterval)
      guard (try? await desk.ports.clock.sleep(pause)) != nil else { return }
    }
  }
}

/// Passes on what lies on the card reader, until its task is cancelled.
struct CardWatch: Sendable {
  let desk: Desk

  func run() async {
    for await reading in desk.ports.cards.changes() {
      if Task.isCancelled { return }
      desk.sink(.facts(.card(reading)))
    }
  }
}

/// Tries the store now and then, so that a full disk shows before a citizen asks for a number, and a
/// disk with room again brings the functions back without a network. Until its task is cancelled.
struct StoreWatch: Sendable {
  static let tidyInterval = Duration.seconds(3600)

  let desk: Desk

  func run() async {
    var tidied: Uptime?
    var isRecovered = false
    while !Task.isCancelled {
      do throws(PortError) {
        try await desk.ports.store.probe()
        desk.storeFact.set(true, desk.sink)
        if !isRecovered { isRecovered = await LeaseDesk(desk: desk).recover() }
        let now = desk.ports.clock.now().uptime
        if tidied.map({ now.since($0) >= Self.tidyInterval }) ?? true, await tidy() {
          tidied = now
        }
      } catch {
        if error.code == .cancelled { return }
        desk.record("store.probe-failed", error)
        desk.storeFact.set(false, desk.sink)
      }
      // A commit is a little wear; three looks at a device are one at the disk.
      guard (try? await desk.ports.clock.sleep(desk.settings.devicePollInterval * 3)) != nil else {
        return
      }
    }
  }

  /// By the last word of the Dinas: a clock that is years ahead would let go of what is of today.
  private func tidy() async -> Bool {
    guard desk.ports.clock.trust() == .trusted, let told = desk.ports.clock.memory()?.server else {
      return false
    }
    do throws(PortError) {
      try await desk.ports.store.tidy(told)
      return true
    } catch {
      desk.record("store.not-tidied", error)
      return false
    }
  }
}
