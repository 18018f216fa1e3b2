internal import CCUPS
internal import OfficeModel
internal import Ports

/// Where documents are sent, and who is asked what became of them. All that the ways to a printer do
/// not have in common; asked on the printer's thread only.
protocol PrintWay: Sendable {
  /// Makes a job where jobs are taken; its number.
  func createJob(_ key: String, limit: Duration) throws(IPPError) -> Int32
  /// Sends the document of a job, as `IPPConnection.send` does.
  func send(
    _ job: Int32, as mimeType: String, byteCount: Int, limit: Duration, documentLimit: Duration,
    next: (_ offset: Int, UnsafeMutableRawBufferPointer) -> Int?
  ) throws(IPPError)
  /// The printer as it is now.
  /// - Parameter mayMend: false for one that only looks, while a kiosk may be printing.
  mutating func printer(mayMend: Bool) throws(IPPError) -> PrinterSnapshot
  /// Nil when nothing that we can make is taken.
  func form() throws(IPPError) -> DocumentForm?
  mutating func look(at job: inout PrintJob) throws(IPPError) -> PrintFollowUp.Look
  /// Asks for it once; how it ends is seen by looking.
  func cancel(_ job: PrintJob) throws(IPPError)
  /// A job that this run knows only by its key; nil when nobody knows it any more.
  func find(_ key: String) throws(IPPError) -> (job: PrintJob, isOver: Bool)?
  /// Unfinished jobs whose names a kiosk may have made, and jobs whose names are hidden where all
  /// are the kiosk's.
  func strays() throws(IPPError) -> [PrintJob]
  /// Paper, toner and ink, as far as the printer tells of them.
  func supplies(limit: Duration) throws(IPPError) -> PrinterSupplies?
}

/// A way that is a server of IPP.
protocol IPPWay: PrintWay {
  /// To what takes jobs: the printer, or its queue.
  func connect() throws(IPPError) -> IPPConnection
}

extension IPPWay {
  func createJob(_ key: String, limit: Duration) throws(IPPError) -> Int32 {
    try connect().createJob(key, limit: limit)
  }

  func send(
    _ job: Int32, as mimeType: String, byteCount: Int, limit: Duration, documentLimit: Duration,
    next: (_ offset: Int, UnsafeMutableRawBufferPointer) -> Int?
  ) throws(IPPError) {
    _ = try unsafe connect().send(
      IPP_OP_SEND_DOCUMENT, jobID: job, byteCount: byteCount, limit: limit,
      documentLimit: documentLimit,
      { request in
        unsafe ippAddString(
          request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nil, mimeType)
        unsafe ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1)
      },
      next: next)
  }

  func supplies(limit: Duration) throws(IPPError) -> PrinterSupplies? {
    try connect().supplies(limit: limit).supplies
  }
}

/// What a document is made into, and what it is called to whoever takes it.
struct DocumentForm: Equatable {
  var format: DocumentFormat
  var mimeType: String
}

/// A job as it is known here.
struct PrintJob: Sendable, Equatable {
  /// Its name wherever it goes.
  let key: String
  /// Its number where it was sent; nil when it is known elsewhere only.
  var id: Int32?
  /// The printer before the job; nil for a job of an earlier run.
  var before: PrinterSnapshot?
  /// Where the printer itself is asked about it, when it was not sent straight there.
  var device: String?
  /// Whoever it was sent to has been away since, and cannot be believed about it.
  var isLost = false
}

/// The printer itself, by IPP: it takes the job and tells the truth about it.
struct DirectPrinter: IPPWay {
  let uri: String
  let limit: Duration

  func connect() throws(IPPError) -> IPPConnection { try IPPConnection(uri: uri, limit: limit) }

  func printer(mayMend: Bool) throws(IPPError) -> PrinterSnapshot {
    try connect().printer(limit: limit)
  }

  func form() throws(IPPError) -> DocumentForm? {
    DocumentFormat(try connect().formats(limit: limit)).map {
      DocumentForm(format: $0, mimeType: $0.mimeType)
    }
  }

  func look(at job: inout PrintJob) throws(IPPError) -> PrintFollowUp.Look {
    guard let id = job.id else { return .jobUnknown }
    let connection = try connect()
    do throws(IPPError) {
      // The job first: a printer that is idle afterwards has done with it.
      var seen = try connection.job(id, limit: limit)
      let printer = try connection.printer(limit: limit)
      // Another machine, or the same after a loss of its memory, may have a job of that number.
      guard seen.name ?? job.key == job.key, printer.isSame(as: job.before) else {
        return .jobUnknown
      }
      if seen.name == nil {
        guard let isYoung = seen.wasMade(since: job.before, at: printer) else {
          seen.isDoubted = true
          return .seen(seen, printer)
        }
        guard isYoung else { return .jobUnknown }
      }
      return .seen(seen, printer)
    } catch {
      guard error.isNotFound else { throw error }
      return .jobUnknown
    }
  }

  func cancel(_ job: PrintJob) throws(IPPError) {
    guard let id = job.id else { return }
    try connect().cancel(id, limit: limit)
  }

  func find(_ key: String) throws(IPPError) -> (job: PrintJob, isOver: Bool)? {
    let connection = try connect()
    for isOver in [false, true] {
      let jobs = try connection.jobs(over: isOver, limit: limit)
      if let job = jobs.last(where: { $0.name == key }) {
        return (PrintJob(key: key, id: job.id), isOver)
      }
      // One whose name is hidden may be it. Before it is over nobody knows, and nothing goes behind it.
      if !isOver, jobs.contains(where: { $0.name == nil }) {
        throw IPPError(call: "Get-Jobs", status: "names are hidden", code: 0, source: .unreadable)
      }
    }
    return nil
  }

  func strays() throws(IPPError) -> [PrintJob] {
    try connect().jobs(over: false, limit: limit).compactMap { job in
      guard let name = job.name, IdentifierPort.hasForm(name) else { return nil }
      return PrintJob(key: name, id: job.id)
    }
  }
}

extension JobSnapshot {
  /// Whether a job without a name is younger than a look at the printer, which has not been switched on
  /// anew since; nil where nothing tells.
  fileprivate func wasMade(since before: PrinterSnapshot?, at printer: PrinterSnapshot) -> Bool? {
    guard let created, let then = before?.upTime, let now = printer.upTime else { return nil }
    // Each is cut to a whole second by itself.
    return created >= then - 1 && now >= then - 1
  }
}

extension PrinterSnapshot {
  /// False when both say who they are and it is not the same machine.
  func isSame(as before: PrinterSnapshot?) -> Bool {
    guard let uuid, let known = before?.uuid else { return true }
    return uuid == known
  }
}
