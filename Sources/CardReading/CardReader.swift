internal import CLinux
internal import CPCSC
internal import CardSession
internal import DeviceThreads
internal import Glibc
public import OfficeModel
public import Ports
public import SensitiveMemory
internal import Synchronization

/// The card reader of the kiosk: watches PC/SC on a thread of its own and talks to cards on others.
/// Finds pcscd through `PCSCLITE_CSOCK_NAME`, which libpcsclite reads once per process.
public final class CardReader: Sendable {
  public struct Limits: Sendable {
    /// One wait for a change. Between waits readers are listed again, since pcscd 1.9.9 misses one
    /// that came meanwhile; a card itself ends the wait at once. Each time wakes the kiosk six times.
    public var watch = Duration.seconds(5)
    /// Pause before pcscd is looked for again.
    public var reconnect = Duration.milliseconds(500)
    /// SELECT takes a few milliseconds, through the air a few hundred.
    public var classify = Duration.seconds(3)
    /// A photo of 4 KiB takes a second at most at 106 kbit/s; the largest one (32 KiB) eight.
    public var photo = Duration.seconds(10)
    public init() {}
  }

  private struct State {
    var session = CardSession()
    var listeners: [Int: AsyncStream<OfficeModel.CardReading>.Continuation] = [:]
    var nextListener = 0
    var watching: SCARDCONTEXT?
    var isStopped = false
    var lastError: SmartCardError?
  }

  private let state = Mutex(State())
  private let talker = CardTalker()
  private let vault: SecretVault
  private let events: EventPort
  private let limits: Limits
  private let readerName: String?
  /// Wakes the watcher out of its pause.
  private let wake: Int32

  /// Starts watching at once.
  /// - Parameter reader: part of the name of the reader to use; nil takes every reader.
  public init(
    vault: SecretVault, reader: String? = nil, limits: Limits = Limits(), events: EventPort
  ) {
    self.vault = vault
    self.limits = limits
    self.events = events
    readerName = reader
    wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    Threads.start(name: "card-watch") { self.watch() }
  }

  deinit { close(wake) }

  /// Ends the watcher; the streams end.
  public func stop() {
    let (listeners, context) = state.withLock { state in
      state.isStopped = true
      defer { state.listeners = [:] }
      return (state.listeners.values, state.watching)
    }
    eventfd_write(wake, 1)
    if let context { SmartCardContext.cancel(context) }
    for listener in listeners { listener.finish() }
  }

  public var port: CardPort {
    CardPort(
      changes: { self.changes() },
      readPhoto: { () async throws(PortError) in try await self.readPhoto() })
  }

  /// What PC/SC said last; `unknown` before it has said anything.
  public var fact: DeviceFact {
    switch state.withLock({ $0.session.reading }) {
    case nil: .unknown
    case .noReader: .down(.offline)
    case .serviceGone: .down(.stopped)
    case .empty, .present: .ready
    }
  }

  /// The last failed call, for the log and `doctor`.
  public var lastError: SmartCardError? { state.withLock { $0.lastError } }

  /// For `doctor`: what is there, once PC/SC has said so.
  /// - Parameter limit: a reader's answer takes some milliseconds, a context of pcscd a few more.
  public func report(within limit: Duration = .seconds(3)) async -> DeviceReport {
    let stream = changes()
    let timer = Task {
      try? await Task.sleep(for: limit)
    }
    let first = await withTaskGroup(of: OfficeModel.CardReading?.self) { group in
      group.addTask {
        for await reading in stream where reading != .present(.unread) { return reading }
        return nil
      }
      group.addTask {
        await timer.value
        return nil
      }
      let first = await group.next() ?? nil
      timer.cancel()
      group.cancelAll()
      return first
    }
    let isWell = first != nil && first != .noReader && first != .serviceGone
    return DeviceReport(cardReader: first, detail: isWell ? nil : lastError?.description)
  }

  /// Transmits that hang; with two, cards are no longer talked to and the process should be
  /// restarted in an idle moment.
  public var hangingTalks: Int { talker.hangingTalks }

  private func changes() -> AsyncStream<OfficeModel.CardReading> {
    // Only the newest readings matter to somebody who was slow.
    let (stream, continuation) = AsyncStream.makeStream(
      of: OfficeModel.CardReading.self, bufferingPolicy: .bufferingNewest(16))
    let id: Int? = state.withLock { state in
      guard !state.isStopped else { return nil }
      let id = state.nextListener
      state.nextListener += 1
      if let reading = state.session.reading { continuation.yield(reading) }
      state.listeners[id] = continuation
      return id
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.listeners[id] = nil }
    }
    return stream
  }

  private func readPhoto() async throws(PortError) -> SecretHandle? {
    let (reading, stay) = state.withLock { ($0.session.reading, $0.session.stay) }
    guard reading == .present(.ktpEl), let stay else { return nil }
    let vault = self.vault
    do throws(CardTalker.Failure) {
      return try await talker.talk(
        to: stay.reader, limit: limits.photo, late: { vault.wipe($0) },
        body: { (card: borrowing SmartCard) throws(SmartCardError) in
          try KTPElCard.readPhoto(card, into: vault)
        })
    } catch {
      throw portError(error)
    }
  }

  private func portError(_ failure: CardTalker.Failure) -> PortError {
    switch failure {
    case .timedOut:
      return PortError(.timedOut, step: "SCardTransmit", detail: "no answer from the card")
    case .exhausted:
      return PortError(.deviceBusy, step: "SCardTransmit", detail: "two earlier talks hang")
    case .card(let error):
      note(error)
      let code: PortError.Code =
        if error.isCardGone || error.isServiceLost || error.isUnknownReader {
          .deviceGone
        } else if error.isSharingViolation { .deviceBusy } else if error.call == "READ BINARY" {
          .malformed
        } else { .deviceFault }
      return PortError(code, step: error.call, detail: error.status)
    }
  }

  // MARK: The watcher's thread

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func watch() {
    while !isStopped {
      do throws(SmartCardError) {
        let context = try SmartCardContext()
        state.withLock { $0.watching = context.token }
        defer { state.withLock { $0.watching = nil } }
        try watch(in: context)
      } catch {
        if error.isServiceLost || error.call == "SCardEstablishContext" { handle(.serviceLost) }
        note(error)
      }
      if !isStopped { pause(limits.reconnect) }
    }
  }

  /// Returns only when stopped; throws when the context is of no more use.
  private func watch(in context: borrowing SmartCardContext) throws(SmartCardError) {
    var known: [(reader: String, state: DWORD)] = []
    while !isStopped {
      let readers = try context.readers().filter { readerName.map($0.contains) ?? true }
      known = readers.map { name in
        (name, known.first { $0.reader == name }?.state ?? DWORD(SCARD_STATE_UNAWARE))
      }
      // Where there is none the wait below has nothing to say until it is over.
      if readers.isEmpty { handle(.observed([])) }
      // With a reader that is still unknown this returns at once.
      let wait = Int(limits.watch.wholeMilliseconds)
      do throws(SmartCardError) {
        if let states = try context.waitForChange(known, milliseconds: wait) {
          for (index, new) in states.enumerated() {
            known[index].state = new & ~DWORD(SCARD_STATE_CHANGED)
          }
        }
      } catch {
        // A reader was unplugged between the list and the wait: list again, after a breath.
        guard error.isUnknownReader else { throw error }
        known = []
        pause(.milliseconds(100))
        continue
      }
      if !isStopped { handle(.observed(known.map(observation))) }
    }
  }

  private func observation(_ known: (reader: String, state: DWORD)) -> ReaderObservation {
    func has(_ flag: Int32) -> Bool { known.state & DWORD(flag) != 0 }
    let slot: ReaderObservation.Slot =
      if has(SCARD_STATE_UNAVAILABLE) || has(SCARD_STATE_UNKNOWN) {
        .unavailable
      } else if has(SCARD_STATE_MUTE) {
        .mute
      } else if has(SCARD_STATE_PRESENT) { .card } else { .empty }
    return ReaderObservation(
      reader: known.reader, slot: slot, eventCount: Int(known.state >> 16 & 0xFFFF))
  }

  private func pause(_ duration: Duration) {
    var item = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    unsafe poll(&item, 1, Int32(duration.wholeMilliseconds))
  }

  // MARK: The machine

  private func handle(_ event: CardSession.Event) {
    let commands = state.withLock { state in
      let commands = state.session.handle(event)
      // Yielded under the lock: two threads must not swap the order of two readings.
      for case .report(let reading) in commands {
        for listener in state.listeners.values { listener.yield(reading) }
      }
      return commands
    }
    for command in commands {
      switch command {
      case .report(let reading): record(reading)
      case .classify(let stay): Task { await self.classify(stay) }
      }
    }
  }

  private func classify(_ stay: CardStay) async {
    let result: CardSession.Classification
    do throws(CardTalker.Failure) {
      result = try await talker.talk(
        to: stay.reader, limit: limits.classify, late: { _ in },
        body: { (card: borrowing SmartCard) throws(SmartCardError) in
          try KTPElCard.classify(card)
        })
    } catch {
      switch error {
      case .timedOut, .exhausted:
        events.record(
          KioskEvent("card.hangs", level: .warning, ["hanging": String(hangingTalks)]))
        result = .stuck
      case .card(let error):
        note(error)
        result = .failed
      }
    }
    handle(.classified(stay, result))
  }

  private func record(_ reading: OfficeModel.CardReading) {
    switch reading {
    case .serviceGone: events.record(KioskEvent("card.service-gone", level: .error))
    case .noReader: events.record(KioskEvent("card.no-reader", level: .error))
    case .empty: events.record(KioskEvent("card.reader-empty"))
    case .present(let kind):
      events.record(KioskEvent("card.present", ["kind": kind.rawValue]))
    }
  }

  /// Remembers the error; written down only when it is another than the one before, since a dead
  /// pcscd fails twice a second.
  private func note(_ error: SmartCardError) {
    let isNew = state.withLock { state in
      defer { state.lastError = error }
      return state.lastError != error
    }
    guard isNew else { return }
    events.record(
      KioskEvent(
        "card.error", level: .warning, ["call": error.call, "status": error.status]))
  }
}
