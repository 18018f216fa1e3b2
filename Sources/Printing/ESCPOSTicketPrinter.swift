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
  public struct Limits: Sendable {
    public var connect = Duration.seconds(2)
    /// Real-time answers come at once, even in the middle of an image.
    public var status = Duration.seconds(1)
    /// Without taking a byte, or without an answer that waits behind bytes: the buffer (some KiB) is
    /// full and nothing is being printed.
    public var stuck = Duration.seconds(5)
    /// A ticket of 20 cm at 100 mm/s takes two seconds, with warming up and a slow one eight.
    public var confirm = Duration.seconds(8)
    /// Between two questions while the confirmation is awaited.
    public var pulse = Duration.milliseconds(300)
    /// Between two tries to leave an error: each moves the blade.
    public var leaveError = Duration.seconds(30)
    /// Failed questions in a row until the printer counts as absent.
    public var missesTold = 2
    public init() {}
  }

  private let thread = SerialThread(name: "ticket-printer")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// Far more than a printer says in one breath: automatic status is four bytes.
  private static let answersAtOnce = 256

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
      if let fault = try readiness(link).fault { return noted(fault) }
      var fault: DeviceFault?
      do throws(LinkError) {
        fault = try forgetOldSlip(link)
        if fault == nil { fault = try send(slip, link) }
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
      return noted(.offline)
    }
  }

  func state() -> DeviceFact {
    do throws(LinkError) {
      let link = try open()
      if mayHoldBytes { clear(link) }
      let fact = try readiness(link).fact
      misses = 0
      lastNoted = nil
      return fact
    } catch {
      note(error)
      misses += 1
      return misses >= limits.missesTold ? .down(.offline) : .unknown
    }
  }

  /// Whether it answers what proves a slip. Nothing is printed for it.
  func confirms() -> Bool {
    do throws(LinkError) {
      let link = try open()
      return try deliver([], link) == nil
    } catch {
      note(error)
      return false
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
    _ slip: TicketPrint, _ link: any TicketLink
  ) throws(LinkError) -> DeviceFault? {
    let head = mayHoldPaper ? encoder.separation : []
    mayHoldBytes = true
    mayHoldPaper = true
    return try deliver(head + encoder.encode(TicketLayout(slip, template)), link)
  }

  /// Sends and listens at once, until all is confirmed or something keeps it from being printed.
  private func deliver(
    _ content: [UInt8], _ link: any TicketLink
  ) throws(LinkError) -> DeviceFault? {
    let bytes = content + ESCPOSEncoder.confirmation + ESCPOSEncoder.quiet
    let profile = encoder.profile
    var answers = ESCPOSAnswers()
    var sent = 0
    var answerBy = link.now
    var end = link.now + limits.stuck
    let onTheWay = link.isSerial ? SerialLine.time(of: bytes.count, profile) : .zero
    while link.now < end {
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
        answerBy = link.now + limits.stuck
        while !heard.isEmpty {
          switch answers.take(heard.removeFirst()) {
          case .confirmation where isWhole: return nil
          case .status(let status):
            if let fault = status.fault { return fault }
          case .isOffline(true) where isWhole:
            // Nothing is asked in the middle of an image: the question would be part of it.
            if let fault = try status(link, others: { heard.append($0) }).fault { return fault }
          case .confirmation, .isOffline, nil: break
          }
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
      return .offline
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
    } catch { note(error) }
  }

  /// A printer that cannot be cleared prints what it holds before it answers. Its answer, and an older
  /// one that comes first, are not taken for the next slip's.
  private func forgetOldSlip(_ link: any TicketLink) throws(LinkError) -> DeviceFault? {
    if mayHoldBytes { clear(link) }
    guard mayHoldBytes else { return nil }
    if let fault = try deliver(encoder.filling + ESCPOSEncoder.quiet, link) { return fault }
    while link.wait(toRead: true, toWrite: false, limit: limits.pulse).canRead {
      _ = try link.receive(atMost: Self.answersAtOnce)
    }
    mayHoldBytes = false
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
