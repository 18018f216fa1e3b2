internal import CCUPS

/// What the driver asks a printer, each question in one call.
extension IPPConnection {
  func printer(limit: Duration) throws(IPPError) -> PrinterSnapshot {
    let answer = try attributes(
      [
        "printer-state", "printer-state-reasons", "printer-is-accepting-jobs",
        "printer-impressions-completed", "printer-media-sheets-completed",
      ], limit: limit)
    let state: PrinterSnapshot.State =
      switch answer.integer("printer-state") {
      case 3: .idle
      case 4: .processing
      case 5: .stopped
      default: .unknown
      }
    return PrinterSnapshot(
      state: state, reasons: answer.keywords("printer-state-reasons"),
      isAccepting: answer.boolean("printer-is-accepting-jobs") ?? true,
      counter: answer.integer("printer-media-sheets-completed")
        ?? answer.integer("printer-impressions-completed"))
  }

  /// Attributes of the printer, in one question.
  func attributes(_ names: [String], limit: Duration) throws(IPPError) -> IPPAnswer {
    try unsafe ask(IPP_OP_GET_PRINTER_ATTRIBUTES, limit: limit) { request in
      unsafe addRequested(names, to: request)
    }
  }

  func job(_ id: Int32, limit: Duration) throws(IPPError) -> JobSnapshot {
    let answer = try unsafe ask(IPP_OP_GET_JOB_ATTRIBUTES, jobID: id, limit: limit) { request in
      unsafe addRequested(
        ["job-state", "job-state-reasons", "job-impressions-completed"], to: request)
    }
    guard let state = answer.integer("job-state").flatMap(JobSnapshot.State.init) else {
      throw IPPError(
        call: "Get-Job-Attributes", status: "no job-state", code: 0, source: .unreadable)
    }
    return JobSnapshot(
      state: state, reasons: answer.keywords("job-state-reasons"),
      impressions: answer.integer("job-impressions-completed"))
  }

  /// The jobs that are over, or those that are not, in the printer's order.
  func jobs(over isOver: Bool, limit: Duration) throws(IPPError) -> [(id: Int32, name: String)] {
    let answer = try unsafe ask(IPP_OP_GET_JOBS, limit: limit) { request in
      unsafe ippAddString(
        request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nil,
        isOver ? "completed" : "not-completed")
      unsafe addRequested(["job-id", "job-name"], to: request)
    }
    return answer.jobs()
  }

  func cancel(_ id: Int32, limit: Duration) throws(IPPError) {
    _ = try unsafe ask(IPP_OP_CANCEL_JOB, jobID: id, limit: limit)
  }

  /// Nil when the printer takes nothing that we can make.
  func format(limit: Duration) throws(IPPError) -> DocumentFormat? {
    DocumentFormat(try attributes(DocumentFormat.attributes, limit: limit))
  }
}

/// Attributes asked for, so that answers stay small.
private func addRequested(_ names: [String], to request: OpaquePointer) {
  let first = unsafe ippAddString(
    request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", nil, names[0])
  var attribute = unsafe first
  for (index, name) in names.enumerated().dropFirst() {
    unsafe ippSetString(request, &attribute, Int32(index), name)
  }
}
