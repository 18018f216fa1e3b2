internal import CCUPS

/// What the driver asks a printer, each question in one call.
extension IPPConnection {
  static let a4 = "iso_a4_210x297mm"

  func printer(limit: Duration) throws(IPPError) -> PrinterSnapshot {
    PrinterSnapshot(
      try attributes(
        [
          "printer-state", "printer-state-reasons", "printer-is-accepting-jobs",
          "printer-impressions-completed", "printer-media-sheets-completed", "printer-uuid",
          "printer-up-time",
        ], limit: limit))
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
        [
          "job-state", "job-state-reasons", "job-impressions-completed", "job-name",
          "time-at-creation",
        ], to: request)
    }
    return try JobSnapshot(answer)
  }

  /// The jobs that are over, or those that are not, in the printer's order.
  func jobs(over isOver: Bool, limit: Duration) throws(IPPError) -> [ListedJob] {
    let answer = try unsafe ask(IPP_OP_GET_JOBS, limit: limit) { request in
      unsafe ippAddString(
        request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nil,
        isOver ? "completed" : "not-completed")
      unsafe addRequested(
        ["job-id", "job-name", "number-of-documents", "time-at-completed"], to: request)
    }
    return answer.jobs()
  }

  /// One copy on A4, under a name without personal data.
  func createJob(_ key: String, limit: Duration) throws(IPPError) -> Int32 {
    let answer = try unsafe ask(IPP_OP_CREATE_JOB, limit: limit) { request in
      unsafe ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nil, key)
      unsafe ippAddInteger(request, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", 1)
      // Printers without a media attribute may take Letter.
      unsafe ippAddString(
        request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", nil, Self.a4)
      // As many sheets as pages: so the citizen is told, and so the paper is counted.
      unsafe ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", nil, "one-sided")
    }
    guard let id = answer.integer("job-id").flatMap(Int32.init(exactly:)), id > 0 else {
      throw IPPError(call: "Create-Job", status: "no job-id", code: 0, source: .unreadable)
    }
    return id
  }

  func cancel(_ id: Int32, limit: Duration) throws(IPPError) {
    _ = try unsafe ask(IPP_OP_CANCEL_JOB, jobID: id, limit: limit)
  }

  func formats(limit: Duration) throws(IPPError) -> IPPAnswer {
    try attributes(DocumentFormat.attributes, limit: limit)
  }
}

extension PrinterSnapshot {
  init(_ answer: borrowing IPPAnswer) {
    state =
      switch answer.integer("printer-state") {
      case 3: .idle
      case 4: .processing
      case 5: .stopped
      default: .unknown
      }
    reasons = answer.keywords("printer-state-reasons")
    isAccepting = answer.boolean("printer-is-accepting-jobs") ?? true
    counter =
      answer.integer("printer-media-sheets-completed")
      ?? answer.integer("printer-impressions-completed")
    uuid = answer.keywords("printer-uuid").first
    upTime = answer.integer("printer-up-time")
  }
}

extension JobSnapshot {
  init(_ answer: borrowing IPPAnswer) throws(IPPError) {
    guard let state = answer.integer("job-state").flatMap(State.init) else {
      throw IPPError(
        call: "Get-Job-Attributes", status: "no job-state", code: 0, source: .unreadable)
    }
    self.state = state
    reasons = answer.keywords("job-state-reasons")
    impressions = answer.integer("job-impressions-completed")
    name = answer.keywords("job-name").first
    created = answer.integer("time-at-creation")
  }
}

/// Attributes asked for, so that answers stay small.
func addRequested(_ names: [String], to request: OpaquePointer) {
  let first = unsafe ippAddString(
    request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", nil, names[0])
  var attribute = unsafe first
  for (index, name) in names.enumerated().dropFirst() {
    unsafe ippSetString(request, &attribute, Int32(index), name)
  }
}
