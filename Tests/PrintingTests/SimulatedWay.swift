import OfficeModel
import Synchronization

@testable import Printing

/// The simulated printer as the driver sees one: what it answers by IPP, or that it does not.
struct SimulatedWay: PrintWay {
  let printer: SimulatedPrinter

  private typealias State = SimulatedPrinter.State

  /// One question: it takes its time, and may get no answer.
  private func ask<Value>(
    _ call: String, _ body: (inout State) throws(IPPError) -> Value
  ) throws(IPPError) -> Value {
    let result: Result<Value, IPPError> = printer.state.withLock { state in
      state.pass(SimulatedPrinter.answer)
      func failed(_ source: IPPError.Source) -> Result<Value, IPPError> {
        .failure(IPPError(call: call, status: "simulated", code: 0, source: source))
      }
      guard state.isReachable, state.isPowered else { return failed(.unreachable) }
      guard !state.isHanging else {
        state.pass(SimulatedPrinter.silence)
        return failed(.unreachable)
      }
      guard state.isReadable else { return failed(.unreadable) }
      do throws(IPPError) {
        let value = try body(&state)
        guard !state.isNextAnswerLost else {
          state.isNextAnswerLost = false
          return failed(.unreachable)
        }
        return .success(value)
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func refused(_ call: String, _ code: Int32) -> IPPError {
    IPPError(call: call, status: "simulated", code: code, source: .printer)
  }

  func createJob(_ key: String, limit: Duration) throws(IPPError) -> Int32 {
    try ask("Create-Job") { state throws(IPPError) in
      guard state.isAccepting else { throw Self.refused("Create-Job", 0x0506) }
      guard !state.isBusy else { throw Self.refused("Create-Job", 0x0507) }
      // How many pages it has, the document tells.
      state.jobs.append(SimulatedPrinter.Job(key: key, pages: 0))
      return Int32(state.jobs.count)
    }
  }

  func send(
    _ job: Int32, as mimeType: String, byteCount: Int, limit: Duration, documentLimit: Duration,
    next: (_ offset: Int, UnsafeMutableRawBufferPointer) -> Int?
  ) throws(IPPError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
    defer { room.deallocate() }
    var offset = 0
    var pages = 0
    while offset < byteCount {
      guard
        let count = next(
          offset, UnsafeMutableRawBufferPointer(rebasing: room[..<min(16, byteCount - offset)]))
      else { throw IPPError(call: "Send-Document", status: "gone", code: 0, source: .unreadable) }
      pages += room[..<count].count { $0 == UInt8(ascii: "P") }
      offset += count
    }
    let isTorn = printer.state.withLock { state in
      defer { state.isNextTorn = false }
      return state.isNextTorn
    }
    // libcups 2.4.2 calls a document sent that the printer has never had.
    if isTorn { return }
    try ask("Send-Document") { state throws(IPPError) in
      let index = try Self.index(job, in: state)
      guard state.jobs[index].state == .held else { throw Self.refused("Send-Document", 0x0404) }
      state.jobs[index].pages = pages
      state.jobs[index].state = .pending
      state.jobs[index].reasons = ["none"]
    }
  }

  private static func index(_ id: Int32, in state: State) throws(IPPError) -> Int {
    let index = Int(id) - 1
    guard index >= state.forgotten, state.jobs.indices.contains(index) else {
      throw refused("Get-Job-Attributes", 0x0406)
    }
    return index
  }

  func printer(mayMend: Bool) throws(IPPError) -> PrinterSnapshot {
    try ask("Get-Printer-Attributes") { state throws(IPPError) in Self.snapshot(state) }
  }

  private static func snapshot(_ state: State) -> PrinterSnapshot {
    PrinterSnapshot(
      state: state.isStopped ? .stopped : state.active == nil ? .idle : .processing,
      reasons: state.stops.isEmpty ? ["none"] : state.stops.sorted(),
      isAccepting: state.isAccepting, counter: state.toldCounter)
  }

  func form() throws(IPPError) -> DocumentForm? {
    try ask("Get-Printer-Attributes") { _ throws(IPPError) in
      DocumentForm(format: .pdf, mimeType: "application/pdf")
    }
  }

  func look(at job: inout PrintJob) throws(IPPError) -> PrintFollowUp.Look {
    guard let id = job.id else { return .jobUnknown }
    do throws(IPPError) {
      let seen = try ask("Get-Job-Attributes") { state throws(IPPError) in
        let seen = state.jobs[try Self.index(id, in: state)]
        return JobSnapshot(state: seen.state, reasons: seen.reasons, impressions: seen.printed)
      }
      return .seen(seen, try printer(mayMend: false))
    } catch {
      guard error.isNotFound else { throw error }
      return .jobUnknown
    }
  }

  func cancel(_ job: PrintJob) throws(IPPError) {
    guard let id = job.id else { return }
    try ask("Cancel-Job") { state throws(IPPError) in
      let index = try Self.index(id, in: state)
      guard !state.jobs[index].isOver else { throw Self.refused("Cancel-Job", 0x0404) }
      if !state.isDeaf { state.end(index, .canceled, "job-canceled-by-user") }
    }
  }

  func find(_ key: String) throws(IPPError) -> (job: PrintJob, isOver: Bool)? {
    try ask("Get-Jobs") { state throws(IPPError) in
      guard let index = state.jobs.indices.last(where: { state.jobs[$0].key == key }),
        index >= state.forgotten
      else { return nil }
      return (PrintJob(key: key, id: Int32(index + 1)), state.jobs[index].isOver)
    }
  }

  func strays() throws(IPPError) -> [PrintJob] {
    try ask("Get-Jobs") { state throws(IPPError) in
      state.jobs.indices.filter { $0 >= state.forgotten && !state.jobs[$0].isOver }.map {
        PrintJob(key: state.jobs[$0].key, id: Int32($0 + 1))
      }
    }
  }

  /// It tells nothing of them.
  func supplies(limit: Duration) throws(IPPError) -> PrinterSupplies? { nil }
}
