internal import CCUPS
internal import DeviceThreads
internal import OfficeModel
public import Ports
public import SensitiveMemory
internal import Synchronization

/// An A4 printer, fed and followed by IPP: the printer itself without a spooler in between, which
/// would call a job completed after a power loss or a torn connection, or the CUPS queue of one that
/// needs a driver.
///
/// An actor on a thread of its own: libcups' calls block, and what it remembers per thread stays
/// on that thread.
public actor IPPDocumentPrinter {
  /// How the printer is reached.
  public enum Way: Sendable, Equatable {
    /// `ipp://` or `ipps://` of the printer itself.
    case printer(uri: String)
    /// A queue of CUPS; the server is a host and port or the path of a socket, nil as libcups finds
    /// it.
    case queue(name: String, server: String?)
  }

  public struct Settings: Sendable {
    public var way: Way
    /// A status question; a printer in a local network answers within a few milliseconds.
    public var statusLimit = Duration.seconds(2)
    /// One call of Create-Job or one stretch of the document without progress.
    public var sendLimit = Duration.seconds(20)
    /// The whole document, however steadily it trickles: 32 MiB take three seconds at 100 Mbit/s.
    public var documentLimit = Duration.seconds(300)
    /// A busy printer is asked again this long: another job may be ending.
    public var busyLimit = Duration.seconds(5)
    public init(_ way: Way) { self.way = way }
    public init(uri: String) { self.init(.printer(uri: uri)) }
  }

  /// One document of an office; what is larger does not come from the server (its limit is lower).
  public static let documentLimitBytes = 32 << 20

  private let thread = SerialThread(name: "ipp-printer")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  let settings: Settings
  private var way: any PrintWay
  private let time: PrintTime
  private let limits: PrintFollowUp.Limits
  private let vault: SecretVault
  private let pages: PreviewPort
  private let events: EventPort
  /// The job being printed, and whether somebody has asked to cancel it.
  private let active = Mutex<(key: String, isCanceled: Bool)?>(nil)
  private let lastFact = Mutex(DeviceFact.unknown)
  private var misses = 0
  /// Beside the one of the last look's fact.
  private(set) var otherFaults: [DeviceFault] = []

  /// - Parameter pages: draws the document where the printer takes no PDF.
  public init(settings: Settings, vault: SecretVault, pages: PreviewPort, events: EventPort) {
    self.init(settings: settings, limits: .init(), vault: vault, pages: pages, events: events)
  }

  package init(
    settings: Settings, limits: PrintFollowUp.Limits, vault: SecretVault, pages: PreviewPort,
    events: EventPort
  ) {
    let way: any PrintWay =
      switch settings.way {
      case .printer(let uri): DirectPrinter(uri: uri, limit: settings.statusLimit)
      case .queue(let name, let server):
        CUPSQueue(name: name, server: server, limit: settings.statusLimit, events: events)
      }
    self.init(
      settings: settings, way: way, time: .real, limits: limits, vault: vault, pages: pages,
      events: events)
  }

  /// For a way and a time that are simulated.
  init(
    settings: Settings, way: any PrintWay, time: PrintTime, limits: PrintFollowUp.Limits,
    vault: SecretVault, pages: PreviewPort, events: EventPort
  ) {
    self.settings = settings
    self.way = way
    self.time = time
    self.limits = limits
    self.vault = vault
    self.pages = pages
    self.events = events
  }

  public nonisolated var port: DocumentPrinterPort {
    DocumentPrinterPort(
      print: { order in
        let (stream, continuation) = AsyncStream.makeStream(of: PrintStep.self)
        continuation.onTermination = { reason in
          if case .cancelled = reason { self.requestCancel(order.jobKey) }
        }
        // Taken here and not in the task, so that a cancellation right behind it finds the job.
        let isFree = self.take(order.jobKey)
        Task {
          let last =
            isFree
            ? await self.run(order) { continuation.yield($0) }
            : .ended(.notPrinted, fault: .busy)
          self.noteEnd(order.jobKey, last)
          continuation.yield(last)
          continuation.finish()
        }
        return stream
      },
      cancel: { self.requestCancel($0) },
      reconcile: { await self.reconcile($0, sheetCounter: $1, pages: $2) },
      cancelAll: { await self.cancelAll() },
      sheetCounter: { await self.sheetCounter() },
      state: { await self.state() },
      supplies: { await self.supplies() })
  }

  /// One job at a time; false when there is one already.
  private nonisolated func take(_ jobKey: String) -> Bool {
    active.withLock { active in
      guard active == nil else { return false }
      active = (jobKey, false)
      return true
    }
  }

  /// Nothing when the job is not the one that runs here.
  nonisolated func requestCancel(_ jobKey: String) {
    active.withLock { active in
      if active?.key == jobKey { active?.isCanceled = true }
    }
  }

  private var isCanceled: Bool { active.withLock { $0?.isCanceled ?? false } }

  // MARK: State

  /// Asks the printer itself. While a job is being printed its follow-up asks anyway, and its last
  /// answer is given.
  nonisolated func state() async -> DeviceFact {
    if active.withLock({ $0 != nil }) { return lastFact.withLock { $0 } }
    return await askState()
  }

  /// - Parameter mayMend: false for one that only looks, while a kiosk may be printing.
  func askState(mayMend: Bool = true) -> DeviceFact {
    // Taken meanwhile: what is mended at an idle printer is not touched under a job.
    if active.withLock({ $0 != nil }) { return lastFact.withLock { $0 } }
    let fact: DeviceFact
    do throws(IPPError) {
      let printer = try way.printer(mayMend: mayMend)
      fact = printer.fact
      otherFaults = printer.otherFaults
      misses = 0
      lastNoted = nil
    } catch {
      // One lost question is not an absent printer, and an unreadable answer not a broken one.
      note(error)
      otherFaults = []
      misses = error.source == .unreachable ? misses + 1 : 0
      fact =
        error.isNotFound
        ? .down(.other) : misses >= limits.missesTold ? .down(.offline) : .unknown
    }
    lastFact.withLock { $0 = fact }
    return fact
  }

  private func supplies() -> PrinterSupplies? {
    do throws(IPPError) {
      return try way.supplies(limit: settings.statusLimit)
    } catch {
      // The looks at its state tell of an absent printer.
      return nil
    }
  }

  // MARK: Printing

  /// - Returns: the last step.
  private func run(_ order: PrintOrder, report: (PrintStep) -> Void) async -> PrintStep {
    defer { active.withLock { $0 = nil } }
    guard order.isAllowed(vault, events) else { return .ended(.notPrinted, fault: .other) }
    report(.sending)
    do throws(PrintPayload.NotSent) {
      let form = try form()
      let payload = try await PrintPayload.make(
        of: order, as: form.format, vault: vault, pages: pages, events: events
      ) { isCanceled }
      defer { if payload.document != order.document { vault.wipe(payload.document) } }
      let job = try await create(order)
      let isSent = send(payload, as: form, job)
      return await follow(job, pages: order.pageCount, isSent: isSent, report: report)
    } catch {
      return .ended(.notPrinted, fault: error.fault)
    }
  }

  private func form() throws(PrintPayload.NotSent) -> DocumentForm {
    do throws(IPPError) {
      if let form = try way.form() { return form }
    } catch {
      note(error)
      throw PrintPayload.NotSent(fault: error.source == .unreachable ? .offline : .other)
    }
    events.record(KioskEvent("print.no-format", level: .error))
    throw PrintPayload.NotSent(fault: .other)
  }

  private func create(_ order: PrintOrder) async throws(PrintPayload.NotSent) -> PrintJob {
    let end = time.now() + settings.busyLimit
    while true {
      if isCanceled { throw PrintPayload.NotSent(fault: .stopped) }
      do throws(IPPError) {
        let before = try way.printer(mayMend: true)
        lastFact.withLock { $0 = before.fact }
        // A queue would take it from here, and try at the printer for hours.
        guard before.isAccepting else { throw IPPError.notAccepting }
        let id = try way.createJob(order.jobKey, limit: settings.sendLimit)
        return PrintJob(key: order.jobKey, id: id, before: before)
      } catch {
        note(error)
        if error.isBusy, time.now() < end {
          _ = await time.sleep(.milliseconds(500))
          continue
        }
        throw PrintPayload.NotSent(
          fault: error.isNotAccepting
            ? .notAccepting
            : error.isBusy ? .busy : error.source == .unreachable ? .offline : .other)
      }
    }
  }

  /// Sends the document out of the vault in small pieces. Whether the printer has it all is for
  /// the follow-up to find out.
  private func send(_ payload: PrintPayload, as form: DocumentForm, _ job: PrintJob) -> Bool {
    let vault = self.vault
    guard let id = job.id else { return false }
    do throws(IPPError) {
      try unsafe way.send(
        id, as: form.mimeType, byteCount: payload.byteCount, limit: settings.sendLimit,
        documentLimit: settings.documentLimit,
        next: { offset, room in
          // Torn here, the rest does not leave, and the follow-up has the job cancelled.
          if self.isCanceled { return nil }
          return unsafe payload.read(from: offset, into: room, out: vault)
        })
      return true
    } catch {
      note(error)
      return false
    }
  }

  private func follow(
    _ job: PrintJob, pages: Int, isSent: Bool, report: (PrintStep) -> Void
  ) async -> PrintStep {
    var job = job
    let start = time.now()
    var followUp = PrintFollowUp(
      limits: limits, counterBefore: job.before?.counter, pages: pages, at: .zero)
    // What was torn off is not printed further; what the printer made of it, it says itself.
    var commands = isSent ? [] : followUp.cancel(at: .zero)
    while true {
      if isCanceled { commands += followUp.cancel(at: time.now() - start) }
      for command in commands {
        switch command {
        case .cancelJob: cancel(job)
        case .report(let last) where followUp.isOver: return last
        case .report(let step): report(step)
        }
      }
      let seen = look(at: &job)
      commands = followUp.handle(seen, at: time.now() - start)
      if commands.isEmpty || !followUp.isOver { _ = await time.sleep(limits.poll) }
    }
  }

  private func look(at job: inout PrintJob) -> PrintFollowUp.Look {
    do throws(IPPError) {
      let seen = try way.look(at: &job)
      if case .seen(_, let printer) = seen { lastFact.withLock { $0 = printer.fact } }
      return seen
    } catch {
      note(error)
      return .unreachable
    }
  }

  private func cancel(_ job: PrintJob) {
    do throws(IPPError) {
      try way.cancel(job)
    } catch {
      // Over already, or gone: the next look tells.
      note(error)
    }
  }

  // MARK: Jobs that were left

  private func sheetCounter() -> Int? {
    do throws(IPPError) {
      return try way.printer(mayMend: false).counter
    } catch {
      note(error)
      return nil
    }
  }

  /// Follows a job that this run knows only by its key, the job's name at the printer, to the end that
  /// the printer itself tells.
  private func reconcile(
    _ jobKey: String, sheetCounter: Int?, pages: Int
  ) async -> PrintRecovery {
    let found: (job: PrintJob, isOver: Bool)?
    do throws(IPPError) {
      found = try way.find(jobKey)
      lastNoted = nil
    } catch {
      note(error)
      return .unconfirmed
    }
    // A printer that was switched off and on has forgotten its jobs, and does not print them.
    guard let found else { return .over(.unknown) }
    var job = found.job
    events.record(
      KioskEvent(
        "print.left-found", level: .warning,
        ["job": jobKey, "over": found.isOver ? "yes" : "no"]))
    let start = time.now()
    var followUp = PrintFollowUp(
      limits: limits, counterBefore: sheetCounter, pages: pages, at: .zero)
    var commands = followUp.cancel(at: .zero)
    if found.isOver { commands = [] }
    while true {
      for command in commands {
        switch command {
        case .cancelJob: cancel(job)
        case .report(.ended(let outcome, _)): return .over(outcome)
        // One that waits for a hand at a jam stays: then its end is not known yet.
        case .report(.left): return .unconfirmed
        case .report: break
        }
      }
      let seen = look(at: &job)
      guard seen != .unreachable else { return .unconfirmed }
      commands = followUp.handle(seen, at: time.now() - start)
      if followUp.isOver { continue }
      guard await time.sleep(limits.poll) else { return .unconfirmed }
    }
  }

  private func cancelAll() -> Bool {
    do throws(IPPError) {
      let left = try way.strays()
      for job in left {
        events.record(KioskEvent("print.stray-cancelled", level: .warning, ["job": job.key]))
        cancel(job)
      }
      return left.isEmpty
    } catch {
      note(error)
      return false
    }
  }

  private var lastNoted: IPPError?

  /// The last call that failed and its status, until one succeeds.
  var lastFailure: String? { lastNoted?.description }

  private nonisolated func noteEnd(_ jobKey: String, _ last: PrintStep) {
    let (outcome, fault): (String, DeviceFault?) =
      switch last {
      case .ended(let outcome, let fault): (outcome.rawValue, fault)
      case .left(let fault): ("left", fault)
      case .sending, .printing, .held: ("none", nil)
      }
    events.record(
      KioskEvent(
        "print.ended", level: outcome == PrintOutcome.delivered.rawValue ? .info : .warning,
        ["job": jobKey, "outcome": outcome, "fault": fault?.rawValue ?? "none"]))
  }

  /// Each kind of failure once in a row: an absent printer fails twice a second.
  private func note(_ error: IPPError) {
    guard error != lastNoted else { return }
    lastNoted = error
    events.record(
      KioskEvent("print.error", level: .warning, ["call": error.call, "status": error.status]))
  }
}
