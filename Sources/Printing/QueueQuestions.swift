internal import CCUPS

/// A CUPS queue as its server describes it.
struct QueueSnapshot: Sendable, Equatable {
  var printer: PrinterSnapshot
  /// Where its server sends documents.
  var device: String
  var model: String
  /// Seconds on the server's own clock.
  var upTime: Int

  /// The printer's own address, where the server speaks IPP with it and so can we.
  var printerURI: String? {
    guard device.hasPrefix("ipp://") || device.hasPrefix("ipps://") else { return nil }
    // What follows is for the server's backend, not for the printer.
    return String(device.prefix { $0 != "?" })
  }

  /// Without a driver: what is sent goes to the device as it is (CUPS names it so).
  var isRaw: Bool { model == "Local Raw Printer" }
}

/// A job as the server of its queue sees it.
struct QueuedJob: Sendable, Equatable {
  var job: JobSnapshot
  /// Documents that the server still has.
  var documents: Int?
  /// Reasons of the queue as they were when the job ended.
  var queueReasons: [String]
}

/// What is asked of a CUPS server about a queue.
extension IPPConnection {
  func queue(limit: Duration) throws(IPPError) -> QueueSnapshot {
    let answer = try unsafe ask(IPP_OP_GET_PRINTER_ATTRIBUTES, limit: limit) { request in
      unsafe addRequested(
        [
          "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri",
          "printer-make-and-model", "printer-up-time",
        ], to: request)
    }
    return QueueSnapshot(
      printer: PrinterSnapshot(answer), device: answer.keywords("device-uri").first ?? "",
      model: answer.keywords("printer-make-and-model").first ?? "",
      upTime: answer.integer("printer-up-time") ?? 0)
  }

  /// Nil when the server does not know it.
  func queuedJob(_ id: Int32, limit: Duration) throws(IPPError) -> QueuedJob? {
    do throws(IPPError) {
      let answer = try unsafe ask(IPP_OP_GET_JOB_ATTRIBUTES, jobID: id, limit: limit) { request in
        unsafe addRequested(
          [
            "job-state", "job-state-reasons", "job-name", "number-of-documents",
            "time-at-processing", "job-printer-state-reasons",
          ], to: request)
      }
      var job = try JobSnapshot(answer)
      job.neverBegan =
        job.state.isDropped && answer.isWithoutValue("time-at-processing")
      return QueuedJob(
        job: job, documents: answer.integer("number-of-documents"),
        queueReasons: answer.keywords("job-printer-state-reasons"))
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  /// Has the server give up a job whose sending failed, rather than send it once more.
  func setErrorPolicy(limit: Duration) throws(IPPError) {
    _ = try unsafe ask(
      IPP_OP_CUPS_ADD_MODIFY_PRINTER, at: "/admin/", limit: limit
    ) { request in
      unsafe ippAddString(
        request, IPP_TAG_PRINTER, IPP_TAG_NAME, "printer-error-policy", nil, "abort-job")
    }
  }

  func resumePrinter(limit: Duration) throws(IPPError) {
    _ = try unsafe ask(IPP_OP_RESUME_PRINTER, at: "/admin/", limit: limit)
  }
}
