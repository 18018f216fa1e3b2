internal import Ports

/// A CUPS queue, for a printer that needs a driver. The queue is the kiosk's own: it is set up, woken
/// and cleared from here. What became of a job is asked of the printer behind it as well; of one that
/// cannot be asked (USB, port 9100, LPD) nobody knows whether a sheet came out.
struct CUPSQueue: IPPWay {
  let name: String
  /// Host and port or the path of a socket; nil: as libcups finds it.
  let server: String?
  let limit: Duration
  let events: EventPort
  private var isOwned = false
  private var resumed: ContinuousClock.Instant?
  /// The reason was there before the job: CUPS lets it stick to the queue, and it says nothing of this
  /// one.
  private var isHistoryMissing = false

  /// A queue that stops again at once is not pushed faster than a person would.
  private static let resumeRest = Duration.seconds(5)
  /// The printer did not know a job any more when the server asked for its end.
  private static let missingHistory = "missing-job-history"
  /// Documents pass through it as they are, to a printer that was asked what it takes.
  private static let untouched = "application/vnd.cups-raw"

  init(name: String, server: String?, limit: Duration, events: EventPort) {
    self.name = name
    self.server = server
    self.limit = limit
    self.events = events
  }

  func connect() throws(IPPError) -> IPPConnection {
    try IPPConnection(queue: name, server: server, limit: limit)
  }

  func snapshot() throws(IPPError) -> QueueSnapshot { try connect().queue(limit: limit) }

  private func direct(_ uri: String?) -> DirectPrinter? {
    uri.map { DirectPrinter(uri: $0, limit: limit) }
  }

  // MARK: State

  mutating func printer(mayMend: Bool) throws(IPPError) -> PrinterSnapshot {
    do throws(IPPError) {
      let queue = try snapshot()
      if mayMend {
        try own()
        isHistoryMissing = queue.printer.reasons.contains { $0.contains(Self.missingHistory) }
      }
      guard let device = direct(queue.printerURI) else { return queue.printer }
      var printer = try device.printer(mayMend: mayMend)
      if queue.printer.state == .stopped, !(mayMend && printer.fault == nil && resume()) {
        printer.state = .stopped
        printer.reasons += queue.printer.reasons
      }
      printer.isAccepting = printer.isAccepting && queue.printer.isAccepting
      return printer
    } catch {
      if error.call == IPPError.connectCall { isOwned = false }
      throw error
    }
  }

  /// Once for each time the server is found: nothing of a citizen who is gone comes out of the queue,
  /// and a job whose sending failed is not sent again.
  private mutating func own() throws(IPPError) {
    guard !isOwned else { return }
    for job in try queueStrays() {
      events.record(KioskEvent("print.stray-cancelled", level: .warning, ["job": job.key]))
      try cancel(job)
    }
    isOwned = true
    do throws(IPPError) {
      try connect().setErrorPolicy(limit: limit)
    } catch {
      note("print.queue-not-set-up", error)
    }
  }

  /// Lets a stopped queue go on; the caller knows that the printer can print.
  private mutating func resume() -> Bool {
    if let resumed, resumed.duration(to: .now) < Self.resumeRest { return false }
    resumed = .now
    do throws(IPPError) {
      try connect().resumePrinter(limit: limit)
      events.record(KioskEvent("print.queue-resumed", level: .notice, [:]))
      return true
    } catch {
      note("print.queue-not-resumed", error)
      return false
    }
  }

  private func note(_ what: String, _ error: IPPError) {
    events.record(
      KioskEvent(what, level: .warning, ["call": error.call, "status": error.status]))
  }

  // MARK: Documents

  /// Never PDF through a filter, which would write it anew: the verified bytes pass untouched to a
  /// printer that says itself that it takes them. Any other gets our drawing, through its driver.
  func form() throws(IPPError) -> DocumentForm? {
    let queue = try snapshot()
    if let device = direct(queue.printerURI) {
      let formats = try device.connect().formats(limit: limit)
      // The server passes them on without a name: the printer must be one that looks for itself.
      if formats.keywords("document-format-supported").contains("application/octet-stream"),
        let format = DocumentFormat(formats)
      {
        return DocumentForm(format: format, mimeType: Self.untouched)
      }
    }
    guard !queue.isRaw else { return nil }
    return DocumentFormat(drawnFor: try connect().formats(limit: limit)).map {
      DocumentForm(format: $0, mimeType: $0.mimeType)
    }
  }

  // MARK: Jobs

  mutating func look(at job: inout PrintJob) throws(IPPError) -> PrintFollowUp.Look {
    let queue: QueueSnapshot?
    var queued: QueuedJob?
    do throws(IPPError) {
      queue = try existing()
      if let id = job.id { queued = try connect().queuedJob(id, limit: limit) }
      // A server that was purged counts from one again.
      if let name = queued?.job.name, name != job.key { queued = nil }
    } catch {
      // Its server ended, and what it says of the job afterwards is made up.
      if error.call == IPPError.connectCall { job.isLost = true }
      throw error
    }
    if let queue { job.device = queue.printerURI }
    if !isHistoryMissing, let reasons = queued?.queueReasons {
      queued?.job.reasons += reasons.filter { $0.contains(Self.missingHistory) }
    }
    if queue?.printer.state == .idle, queued?.isDeserted == true { job.isLost = true }
    if job.isLost, let left = queued {
      if !left.job.state.isOver { try? cancel(job) }
      queued = nil
    }
    let device = device(of: job)
    if case .says(let jobs, let printer) = device {
      guard printer.isSame(as: job.before) else {
        if queued?.job.state.isOver == false { try? cancel(job) }
        return .jobUnknown
      }
      if queue?.printer.state == .stopped, queued?.job.state.isOver == false,
        printer.fault == nil
      {
        _ = resume()
      }
      // An earlier try, torn in mid-document, still waits for the rest.
      if queued?.job.state.isOver == true, jobs.last?.state.isOver == true,
        jobs.contains(where: { !$0.state.isOver })
      {
        try? cancel(job)
      }
    }
    return QueueTruth.look(queued: queued?.job, queue: queue?.printer, device: device)
  }

  /// Nil when the queue is gone.
  private func existing() throws(IPPError) -> QueueSnapshot? {
    do throws(IPPError) { return try snapshot() } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  private func device(of job: PrintJob) -> QueueTruth.Device {
    guard let device = direct(job.device) else { return .mute }
    do throws(IPPError) {
      let connection = try device.connect()
      var jobs: [JobSnapshot] = []
      // The jobs first: a printer that is idle afterwards has done with them. Those that are not over
      // before those that are: one that ends in between is seen twice rather than not at all.
      for listed in try device.listed(job.key, connection) {
        jobs.append(try connection.job(listed, limit: limit))
      }
      return .says(jobs, try connection.printer(limit: limit))
    } catch {
      return .unreachable
    }
  }

  /// At the queue, which has its backend tell the printer; where the queue has no more to do with it,
  /// at the printer.
  func cancel(_ job: PrintJob) throws(IPPError) {
    if let id = job.id {
      do throws(IPPError) {
        return try connect().cancel(id, limit: limit)
      } catch {
        guard error.source == .printer, job.device != nil else { throw error }
      }
    }
    guard let device = direct(job.device) else { return }
    let connection = try device.connect()
    for id in try device.listed(job.key, connection, over: [false]) {
      try connection.cancel(id, limit: limit)
    }
  }

  /// Cancels it at the queue at once: a printer that is switched on later must not get it.
  func find(_ key: String) throws(IPPError) -> (job: PrintJob, isOver: Bool)? {
    var job = PrintJob(key: key)
    job.device = try existing()?.printerURI
    let connection = try connect()
    for isOver in [true, false] {
      for listed in try connection.jobs(over: isOver, limit: limit) {
        // Whose name is hidden may be it, and is the kiosk's in any case.
        if !isOver, listed.name == nil || listed.name == key {
          try connection.cancel(listed.id, limit: limit)
        }
        if listed.name == key { job.id = listed.id }
      }
    }
    guard let device = direct(job.device) else { return job.id.map { _ in (job, false) } }
    let atDevice = try device.find(key)
    guard job.id != nil || atDevice != nil else { return nil }
    return (job, atDevice?.isOver ?? false)
  }

  func strays() throws(IPPError) -> [PrintJob] {
    let atQueue = try queueStrays()
    guard let device = direct(try existing()?.printerURI) else { return atQueue }
    return atQueue
      + (try device.strays().map { PrintJob(key: $0.key, device: device.uri) })
  }

  private func queueStrays() throws(IPPError) -> [PrintJob] {
    try connect().jobs(over: false, limit: limit).filter {
      $0.name.map(IdentifierPort.hasForm) ?? true
    }.map { PrintJob(key: $0.name ?? "hidden", id: $0.id) }
  }
}

extension QueuedJob {
  /// Waits for ever without a document: what a server makes of a job that it dropped as it ended.
  fileprivate var isDeserted: Bool { job.state == .pending && documents == 0 }
}

extension DirectPrinter {
  /// The numbers of all jobs of a name, each once.
  fileprivate func listed(
    _ key: String, _ connection: borrowing IPPConnection, over: [Bool] = [false, true]
  ) throws(IPPError) -> [Int32] {
    var ids: Set<Int32> = []
    for isOver in over {
      for job in try connection.jobs(over: isOver, limit: limit) where job.name == key {
        ids.insert(job.id)
      }
    }
    return ids.sorted()
  }
}
