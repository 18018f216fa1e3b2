internal import CardSession
public import OfficeModel
public import Ports
public import SensitiveMemory
internal import Synchronization

/// The card reader of the kiosk: watches PC/SC on threads of its own and talks to cards on others.
/// libpcsclite finds pcscd through `PCSCLITE_CSOCK_NAME`, which it reads once per process.
public final class CardReader: Sendable {
  public struct Limits: Sendable {
    /// So often readers are listed anew; a card, and nearly every reader, is noticed at once all the
    /// same. Each time wakes the kiosk twice.
    public var relist = Duration.seconds(2)
    /// Pause before pcscd is looked for again.
    public var reconnect = Duration.milliseconds(500)
    /// Pause before readers are listed again when one went in between.
    public var breath = Duration.milliseconds(100)
    /// Pause before a card that failed is asked again.
    public var retry = Duration.milliseconds(300)
    /// SELECT takes a few milliseconds, through the air a few hundred.
    public var classify = Duration.seconds(3)
    /// A photo of 4 KiB takes a second at most at 106 kbit/s; the largest one (32 KiB) eight.
    public var photo = Duration.seconds(10)
    /// What runs at the end is waited for so long: a wait ends within milliseconds, a photo within a
    /// second; a pcscd that stands still never ends anything.
    public var ending = Duration.seconds(2)
    public init() {}
  }

  private struct State {
    var session = CardSession()
    var listeners: [Int: AsyncStream<OfficeModel.CardReading>.Continuation] = [:]
    var nextListener = 0
    var isStopped = false
    var lastError: SmartCardError?
  }

  private let state = Mutex(State())
  private let threads = CardThreads()
  private let talker: CardTalker
  private let platform: SmartCardPlatform
  private let watch: ReaderWatch
  let vault: SecretVault
  private let events: EventPort
  private let limits: Limits

  /// Starts watching at once.
  /// - Parameters:
  ///   - reader: part of the name of the reader to use; nil takes every reader.
  ///   - excluded: part of the name of a reader that is none for citizens.
  public init(
    vault: SecretVault, reader: String? = nil, without excluded: String? = nil,
    limits: Limits = Limits(),
    platform: SmartCardPlatform = .system, events: EventPort
  ) {
    self.vault = vault
    self.limits = limits
    self.events = events
    talker = CardTalker(platform, threads: threads)
    watch = ReaderWatch(
      platform, readerName: reader, excluded: excluded, limits: limits, threads: threads)
    self.platform = platform
    watch.start(
      handle: { [weak self] in self?.handle($0) }, failed: { [weak self] in self?.note($0) })
  }

  deinit { watch.stop() }

  /// Ends the watching; the streams end. Waits for the threads that are in PC/SC, `Limits.ending` at
  /// most: the process may exit afterwards. What hangs for ever is not waited for.
  public func stop() {
    watch.stop()
    if threads.close(within: limits.ending) {
      talker.close()
    } else {
      events.record(KioskEvent("card.not-ended", level: .warning))
    }
    let listeners = state.withLock { state in
      state.isStopped = true
      defer { state.listeners = [:] }
      return state.listeners.values
    }
    for listener in listeners { listener.finish() }
  }

  public var port: CardPort {
    CardPort(
      changes: { self.changes() },
      readPhoto: { () async throws(PortError) in try await self.readPhoto() })
  }

  /// What lies on the reader; nil before PC/SC has said anything.
  var reading: OfficeModel.CardReading? { state.withLock { $0.session.reading } }

  /// What PC/SC said last; `unknown` before it has said anything.
  public var fact: DeviceFact {
    switch reading {
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

  /// Transmits that hang.
  public var hangingTalks: Int { talker.hangingTalks }

  /// How long cards have not been talked to because earlier talks hang. What brings those back is the
  /// card's removal; where that has not helped, only a new process does.
  public var refusingFor: Duration? { talker.refusedFor }

  private func changes() -> AsyncStream<OfficeModel.CardReading> {
    // A reading that is lost could hide that the card was swapped. A card that comes or goes makes two,
    // and pcscd looks 2.5 times a second: nobody is so slow for longer than ten seconds.
    let (stream, continuation) = AsyncStream.makeStream(
      of: OfficeModel.CardReading.self, bufferingPolicy: .bufferingNewest(64))
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
    let vault = self.vault
    return try await talkToKTPEl(
      limit: limits.photo, late: { vault.wipe($0) },
      body: {
        (_: borrowing SmartCardContext, card: borrowing SmartCard) throws(SmartCardError) in
        try KTPElCard.readPhoto(card, into: vault)
      })
  }

  /// Talks to the KTP-el that lies there, nil without one. What was read is given out only when the
  /// same card still lies there.
  func talkToKTPEl(
    limit: Duration, late: @escaping @Sendable (SecretHandle) -> Void,
    body: @escaping CardTalker.Body<SecretHandle>
  ) async throws(PortError) -> SecretHandle? {
    guard let stay = stayOfKTPEl else { return nil }
    do throws(CardTalker.Failure) {
      let read = try await talker.talk(to: stay.reader, limit: limit, late: late, body: body)
      if stayOfKTPEl == stay { return read }
      late(read)
      throw .card(SmartCardError("READ BINARY", answer: SmartCardError.tornOut))
    } catch {
      throw portError(error)
    }
  }

  /// Whether a card lies in the reader of the secure access module.
  func hasCard(inReaderNamed part: String) async -> SecureAccessModule.State {
    let platform = self.platform
    return await withCheckedContinuation { continuation in
      let isRunning = threads.start(name: "card-module") { done in
        defer { done() }
        do throws(SmartCardError) {
          let context = try SmartCardContext(platform)
          let readers = try context.readers(named: part)
          let unknown = readers.prefix(1).map {
            SmartCardPlatform.ReaderState(reader: $0, state: ReaderFlags.unaware)
          }
          let states = unknown.isEmpty ? [] : try context.waitForChange(unknown) ?? []
          let isThere = states.contains { $0.state & ReaderFlags.present != 0 }
          continuation.resume(returning: isThere ? .ready : .missing)
        } catch {
          continuation.resume(returning: error.isServiceLost ? .serviceGone : .missing)
        }
      }
      if !isRunning { continuation.resume(returning: .serviceGone) }
    }
  }

  private var stayOfKTPEl: CardStay? {
    state.withLock { $0.session.reading == .present(.ktpEl) ? $0.session.stay : nil }
  }

  private func portError(_ failure: CardTalker.Failure) -> PortError {
    switch failure {
    case .timedOut:
      return PortError(.timedOut, step: "SCardTransmit", detail: "no answer from the card")
    case .refused:
      return PortError(.deviceBusy, step: "SCardTransmit", detail: "an earlier talk hangs")
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
        body: {
          (_: borrowing SmartCardContext, card: borrowing SmartCard) throws(SmartCardError) in
          try KTPElCard.classify(card)
        })
    } catch {
      switch error {
      case .timedOut, .refused:
        events.record(
          KioskEvent("card.hangs", level: .warning, ["hanging": String(hangingTalks)]))
        result = .stuck
      case .card(let error):
        note(error)
        result = error.isSharingViolation ? .busy : .failed
      }
    }
    handle(.classified(stay, result))
    guard result == .failed else { return }
    try? await Task.sleep(for: limits.retry)
    handle(.tick)
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
