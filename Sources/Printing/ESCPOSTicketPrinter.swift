internal import DeviceThreads
internal import OfficeModel
public import Ports
public import TicketPaper

/// A ticket printer that speaks ESC/POS over TCP or a device file, without a spooler.
///
/// A successful write proves nothing (the kernel alone takes megabytes), so the printer is asked
/// before the first byte and has to confirm after the last. One connection at a time, closed after
/// each ticket, because a network printer serves only one.
public actor ESCPOSTicketPrinter {
  private let thread = SerialThread(name: "ticket-printer")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// Far more than a printer says in one breath: automatic status is four bytes.
  private static let answersAtOnce = 256
  /// More questions, each behind a filling of a KiB or more, no printer's buffer (64 KiB) holds.
  private static let unansweredAtMost = 64

  private let dial: TicketDial
  private let encoder: ESCPOSEncoder
  private let template: TicketTemplate
  private let limits: Limits
  private let events: EventPort
  private var misses = 0
  private var lastNoted: LinkError?
  private var leftError: Duration?

  /// Bytes of a slip that was given up may lie in the printer's buffer: with new paper they would come
  /// out as the tail of somebody else's number. So may those of a kiosk that ended in mid-slip.
  private var mayHoldBytes = true
  /// Answers to GS r that older questions may still bring; never fewer than there are. A kiosk that has
  /// just begun does not know what the last one left: one for each time it was ended in mid-slip, and so
  /// many while none of it was printed are not to be expected.
  private var unanswered = 8
  /// Half a slip may hang in the printer: it is cut off before the next. A kiosk that has just begun
  /// does not know how the last one ended, and a few centimetres of white paper tell nobody a number.
  private var mayHoldPaper = true

  public init(
    address: TicketPrinterAddress, profile: TicketPrinterProfile, template: TicketTemplate,
    logo: MonochromeImage? = nil, limits: Limits = Limits(), events: EventPort
  ) {
    self.init(
      dial: { profile, limit throws(LinkError) in
        try SystemLink(address, profile, limit: limit)
      }, profile: profile, template: template, logo: logo, limits: limits,
      events: events)
  }

  /// For a printer that is simulated.
  init(
    dial: @escaping TicketDial, profile: TicketPrinterProfile, template: TicketTemplate,
    logo: MonochromeImage? = nil, limits: Limits = Limits(), events: EventPort
  ) {
    self.dial = dial
    encoder = ESCPOSEncoder(profile: profile, logo: logo)
    self.template = template
    self.limits = limits
    self.events = events
  }

  public nonisolated var port: TicketPrinterPort {
    TicketPrinterPort(print: { await self.print($0) }, state: { await self.state() })
  }

  /// Prints and waits for the confirmation. A fault means that the paper is not proved; the number
  /// is given all the same.
  func print(_ slip: TicketPrint) -> DeviceFault? {
    do throws(LinkError) {
      let link = try open()
      let end = link.now + limits.whole
      if let fault = try readiness(link).fault { return noted(fault) }
      var fault: DeviceFault?
      do throws(LinkError) {
        fault = try forgetOldSlip(link, by: end)
        if fault == nil { fault = try send(slip, link, by: end) }
      } catch {
        note(error)
        link.abandon()
        return noted(rescue() ?? .offline)
      }
      if let fault {
        link.abandon()
        return noted(rescue() ?? fault)
      }
      mayHoldBytes = false
      mayHoldPaper = false
      misses = 0
      lastNoted = nil
      return nil
    } catch {
      note(error)
      return noted(error.fault)
    }
  }

  /// - Parameter mayMend: it may be cleared of what was left in it, and told to go on after an error;
  ///   not while somebody else may have a slip in it.
  func state(mayMend: Bool = true) -> DeviceFact {
    do throws(LinkError) {
      let link = try open()
      if mayMend, mayHoldBytes { clear(link) }
      let fact = try (mayMend ? readiness(link) : status(link)).fact
      misses = 0
      lastNoted = nil
      return fact
    } catch {
      note(error)
      misses += 1
      return misses >= limits.missesTold ? .down(error.fault) : .unknown
    }
  }

  /// Asks what proves a slip; nothing is printed for it. What keeps it from proving one, or why it has
  /// not answered.
  func confirmation() -> Result<DeviceFault?, LinkError> {
    do throws(LinkError) {
      let link = try open()
      mayHoldBytes = true
      return .success(try deliver([], link, by: link.now + limits.whole))
    } catch {
      note(error)
      return .failure(error)
    }
  }

  private func open() throws(LinkError) -> any TicketLink {
    try dial(encoder.profile, limits.connect)
  }

  // MARK: Asking

  private func status(
    _ link: any TicketLink, others: (UInt8) -> Void = { _ in }
  ) throws(LinkError) -> ESCPOSStatus {
    func ask(_ kind: UInt8) throws(LinkError) -> UInt8 {
      try link.write(ESCPOSStatus.request(kind), limit: limits.status)
      return try link.readByte(
        limit: limits.status, others: others, where: ESCPOSStatus.isRealtimeAnswer)
    }
    return ESCPOSStatus(
      printer: try ask(1), offlineCause: try ask(2), error: try ask(3), paper: try ask(4))
  }

  /// The status, after helping the printer out of an error whose cause may be gone.
  private func readiness(_ link: any TicketLink) throws(LinkError) -> ESCPOSStatus {
    let found = try status(link)
    let now = link.now
    guard found.fault == .cutterError,
      leftError.map({ now - $0 >= limits.leaveError }) ?? true
    else { return found }
    leftError = now
    try link.write(ESCPOSRescue.leaveError, limit: limits.status)
    let after = try status(link)
    if after.fault != .cutterError { leftError = nil }
    return after
  }

  // MARK: A slip

  private func send(
    _ slip: TicketPrint, _ link: any TicketLink, by whole: Duration
  ) throws(LinkError) -> DeviceFault? {
    let head = mayHoldPaper ? encoder.separation : []
    mayHoldBytes = true
    mayHoldPaper = true
    return try deliver(head + encoder.encode(TicketLayout(slip, template)), link, by: whole)
  }

  /// Sends and listens at once, until all is confirmed or something keeps it from being printed.
  /// - Parameter whole: when the slip has to be out, whatever is still coming; the time that its bytes
  ///   are on a serial line is added.
  private func deliver(
    _ content: [UInt8], _ link: any TicketLink, by whole: Duration
  ) throws(LinkError) -> DeviceFault? {
    let bytes = content + ESCPOSEncoder.confirmation + ESCPOSEncoder.quiet
    let profile = encoder.profile
    unanswered += 1
    var answers = ESCPOSAnswers()
    var sent = 0
    var answerBy = link.now
    var end = link.now + limits.stuck
    let onTheWay = link.isSerial ? SerialLine.time(of: bytes.count, profile) : .zero
    let last = whole + onTheWay
    while link.now < min(end, last) {
      let ready = link.wait(toRead: true, toWrite: sent < bytes.count, limit: limits.pulse)
      if ready.canWrite {
        let count = try link.send(bytes[sent...])
        sent += count
        if count > 0 {
          answerBy = link.now + limits.stuck + onTheWay
          end = sent < bytes.count ? answerBy : link.now + limits.confirm + onTheWay
        }
      }
      let isWhole = sent == bytes.count
      if ready.canRead {
        var heard = try link.receive(atMost: Self.answersAtOnce)
        if !heard.isEmpty { answerBy = link.now + limits.stuck }
        while !heard.isEmpty {
          var isOffline = false
          for byte in heard {
            switch answers.take(byte) {
            case .confirmation(let isPaperOut) where isWhole:
              unanswered -= 1
              return isPaperOut ? .mediaEmpty : nil
            case .status(let status):
              if let fault = status.fault { return fault }
            case .isOffline(let told): isOffline = isOffline || told
            case .confirmation, nil: break
            }
          }
          heard = []
          // Nothing is asked in the middle of an image: the question would be part of it. However often
          // it was told, it is asked once; what comes between the answers has no such byte any more.
          guard isOffline, isWhole else { break }
          let found = try status(link) { if heard.count < Self.answersAtOnce { heard.append($0) } }
          if let fault = found.fault { return fault }
        }
      } else if isWhole, !profile.hasAutomaticStatus {
        guard link.now < answerBy else { break }
        try link.write(ESCPOSStatus.request(1), limit: limits.status)
      }
    }
    throw LinkError(call: sent < bytes.count ? "write" : "read", code: 0)
  }

  /// After a slip that was given up: what is left of it in the printer is cleared at once, for paper may
  /// be put in any moment. Says what keeps the printer.
  private func rescue() -> DeviceFault? {
    do throws(LinkError) {
      let link = try open()
      clear(link)
      return try status(link).fault
    } catch {
      note(error)
      return error.fault
    }
  }

  private func clear(_ link: any TicketLink) {
    guard encoder.profile.clearsBuffers else { return }
    do throws(LinkError) {
      try link.write(ESCPOSRescue.clearBuffers, limit: limits.status)
      var missing = ESCPOSRescue.cleared[...]
      while let next = missing.first {
        // Only XOFF may stand between the three.
        _ = try link.readByte(limit: limits.status) { $0 == next }
        missing = missing.dropFirst()
      }
      mayHoldBytes = false
      unanswered = 0
    } catch { note(error) }
  }

  /// A printer that cannot be cleared prints what it holds before it answers, and nothing tells one
  /// answer from another. So they are counted: it is asked, one question at a time, until more answers
  /// have come than older questions can bring. Then one of them is to a question from here, and
  /// everything older is through.
  private func forgetOldSlip(
    _ link: any TicketLink, by whole: Duration
  ) throws(LinkError) -> DeviceFault? {
    if mayHoldBytes { clear(link) }
    guard mayHoldBytes else { return nil }
    let end = link.now + limits.stuck + limits.confirm * 2
    func goOn() throws(LinkError) {
      guard link.now < end else { throw LinkError(call: "read", code: 0) }
    }
    if let fault = try deliver(encoder.filling + ESCPOSEncoder.quiet, link, by: whole) {
      return fault
    }
    var asked = link.now
    // One more than needed, behind nothing but questions: how long an answer takes.
    for _ in 0...min(unanswered, Self.unansweredAtMost) {
      try goOn()
      asked = link.now
      if let fault = try deliver([], link, by: whole) { return fault }
    }
    // As many as were older may still be on their way: answers to questions that wait for nothing.
    let silence = max(limits.pulse, (link.now - asked) * 2)
    var heard = link.now
    while link.now - heard < silence {
      try goOn()
      let left = silence - (link.now - heard)
      guard link.wait(toRead: true, toWrite: false, limit: left).canRead else { continue }
      if try !link.receive(atMost: Self.answersAtOnce).isEmpty { heard = link.now }
    }
    // A printer that stopped is silent, too.
    if let fault = try status(link).fault { return fault }
    mayHoldBytes = false
    unanswered = 0
    return nil
  }

  // MARK: Telling

  /// The last call that failed and its errno, until one succeeds.
  var lastFailure: String? { lastNoted?.description }

  private func noted(_ fault: DeviceFault) -> DeviceFault {
    events.record(KioskEvent("ticket.fault", level: .warning, ["fault": fault.rawValue]))
    return fault
  }

  private func note(_ error: LinkError) {
    guard error != lastNoted else { return }
    lastNoted = error
    events.record(
      KioskEvent(
        "ticket.error", level: .warning, ["call": error.call, "errno": String(error.code)]))
  }
}
