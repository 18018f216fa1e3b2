internal import DeviceThreads
internal import OfficeModel
public import Ports

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
    /// Without taking a byte: the buffer (some KiB) is full and nothing is being printed.
    public var write = Duration.seconds(5)
    /// A ticket of 20 cm at 100 mm/s takes two seconds, with warming up and a slow one eight.
    public var confirm = Duration.seconds(8)
    /// Failed questions in a row until the printer counts as absent.
    public var missesTold = 2
    public init() {}
  }

  private let thread = SerialThread(name: "ticket-printer")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  private let address: TicketPrinterAddress
  private let profile: TicketPrinterProfile
  private let limits: Limits
  private let events: EventPort
  private var misses = 0
  private var lastNoted: LinkError?

  public init(
    address: TicketPrinterAddress, profile: TicketPrinterProfile, limits: Limits = Limits(),
    events: EventPort
  ) {
    self.address = address
    self.profile = profile
    self.limits = limits
    self.events = events
  }

  public nonisolated var port: TicketPrinterPort {
    TicketPrinterPort(
      print: { await self.print(TicketLayout($0)) },
      state: { await self.state() })
  }

  /// Prints and waits for the confirmation. A fault means that the paper is not proved; the number
  /// is given all the same.
  func print(_ layout: TicketLayout) -> DeviceFault? {
    let bytes = ESCPOSEncoder(profile: profile).encode(layout)
    do throws(LinkError) {
      let link = try ByteLink(address, limit: limits.connect)
      if let fault = try status(link).fault { return noted(fault) }
      do throws(LinkError) {
        try link.write(bytes + ESCPOSEncoder.confirmation, limit: limits.write)
        var confirmation = ESCPOSConfirmation()
        _ = try link.readByte(limit: limits.confirm) { confirmation.accepts($0) }
        misses = 0
        lastNoted = nil
        return nil
      } catch {
        note(error)
        // It stopped in the middle: real-time status says why, where the line still stands.
        return noted((try? status(link))?.fault ?? .offline)
      }
    } catch {
      note(error)
      return noted(.offline)
    }
  }

  func state() -> DeviceFact {
    do throws(LinkError) {
      let link = try ByteLink(address, limit: limits.connect)
      let status = try status(link)
      misses = 0
      lastNoted = nil
      return status.fact
    } catch {
      note(error)
      misses += 1
      return misses >= limits.missesTold ? .down(.offline) : .unknown
    }
  }

  private func status(_ link: borrowing ByteLink) throws(LinkError) -> ESCPOSStatus {
    func ask(_ kind: UInt8) throws(LinkError) -> UInt8 {
      try link.write(ESCPOSStatus.request(kind), limit: limits.status)
      return try link.readByte(limit: limits.status, where: ESCPOSStatus.isRealtimeAnswer)
    }
    return ESCPOSStatus(
      printer: try ask(1), offlineCause: try ask(2), error: try ask(3), paper: try ask(4))
  }

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
