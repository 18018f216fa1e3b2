internal import Glibc
internal import OfficeModel
internal import TicketPaper

/// Where a ticket printer is reached.
public enum TicketPrinterAddress: Sendable, Equatable {
  /// Raw TCP, mostly port 9100.
  case network(host: String, port: UInt16)
  /// `/dev/usb/lp0`, a serial port, a pseudo terminal.
  case device(path: String)

  /// `HOST:PORT`, `tcp://HOST:PORT` or an absolute path.
  public init?(_ text: String) {
    if text.hasPrefix("/") {
      self = .device(path: text)
      return
    }
    let rest = text.hasPrefix("tcp://") ? text.dropFirst(6) : text[...]
    // What else has a scheme is a spooler's address.
    guard !rest.contains("/"), let colon = rest.lastIndex(of: ":"), colon != rest.startIndex,
      let port = UInt16(rest[rest.index(after: colon)...]), port > 0
    else { return nil }
    self = .network(host: String(rest[..<colon]), port: port)
  }
}

/// A system call that failed, or took too long.
struct LinkError: Error, Sendable, Equatable, CustomStringConvertible {
  var call: String
  /// 0: the time ran out, or the other end closed.
  var code: Int32
  /// Another program has the device for itself.
  static let busy = LinkError(call: "lock", code: EBUSY)
  var fault: DeviceFault { self == .busy ? .busy : .offline }
  var description: String { code == 0 ? "\(call): no answer" : "\(call): errno \(code)" }
}

/// What a link can do without waiting.
struct LinkReadiness {
  var canRead = false
  var canWrite = false
}

/// Bytes to and from a printer that is connected; every wait is bounded. Ends when it is let go.
protocol TicketLink: AnyObject {
  var isSerial: Bool { get }
  /// The time that passes meanwhile, since some fixed moment; never goes back.
  var now: Duration { get }
  /// Waits for something to read or for room to write, as asked for. A line that was hung up is ready
  /// for both: the next call says why.
  func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness
  /// Writes what fits now; 0 when nothing does.
  func send(_ bytes: ArraySlice<UInt8>) throws(LinkError) -> Int
  /// What has come; empty when nothing has.
  func receive(atMost count: Int) throws(LinkError) -> [UInt8]
  /// Ends it so that what the printer has not taken yet never reaches it.
  func abandon()
}

/// Connects to the printer: the machine's own way, or a simulated one.
typealias TicketDial =
  @Sendable (_ profile: TicketPrinterProfile, _ limit: Duration) throws(LinkError)
  -> any TicketLink

extension TicketLink {
  /// Writes a question or a command of some bytes; `limit` holds for all of it.
  func write(_ bytes: [UInt8], limit: Duration) throws(LinkError) {
    let end = now + limit
    var offset = 0
    while true {
      let count = try send(bytes[offset...])
      offset += count
      guard offset < bytes.count else { return }
      let left = end - now
      guard left > .zero, count > 0 || wait(toRead: false, toWrite: true, limit: left).canWrite
      else { throw LinkError(call: "write", code: 0) }
    }
  }

  /// The next byte that fits; what is passed over (flow control, automatic status) goes to `others`.
  func readByte(
    limit: Duration, others: (UInt8) -> Void = { _ in }, where fits: (UInt8) -> Bool
  ) throws(LinkError) -> UInt8 {
    let end = now + limit
    while true {
      let left = end - now
      guard left > .zero, wait(toRead: true, toWrite: false, limit: left).canRead else {
        throw LinkError(call: "read", code: 0)
      }
      // One at a time: what comes behind it is for somebody else.
      for byte in try receive(atMost: 1) {
        if fits(byte) { return byte }
        others(byte)
      }
    }
  }
}
