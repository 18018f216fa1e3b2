public import OfficeModel

/// Everything the use cases need from outside, as structs of closures: the live rooms make them,
/// tests make others. A closure never blocks Swift's thread pool.
public struct Ports: Sendable {
  public var clock: ClockPort
  public var identifiers: IdentifierPort
  public var store: StorePort
  public var dinas: DinasPort
  public var verifier: VerifierPort
  public var preview: PreviewPort
  /// The preferred one first; none where the kiosk prints no documents.
  public var documentPrinters: [DocumentPrinter]
  public var ticketPrinter: TicketPrinterPort
  public var cards: CardPort
  public var events: EventPort
  public var staff: StaffPort
  public var revocations: RevocationPort

  public init(
    clock: ClockPort, identifiers: IdentifierPort, store: StorePort, dinas: DinasPort,
    verifier: VerifierPort, preview: PreviewPort, documentPrinters: [DocumentPrinter],
    ticketPrinter: TicketPrinterPort, cards: CardPort, events: EventPort,
    revocations: RevocationPort = .none, staff: StaffPort = .nobody
  ) {
    self.clock = clock
    self.identifiers = identifiers
    self.store = store
    self.dinas = dinas
    self.verifier = verifier
    self.preview = preview
    self.documentPrinters = documentPrinters
    self.ticketPrinter = ticketPrinter
    self.cards = cards
    self.events = events
    self.staff = staff
    self.revocations = revocations
  }
}

/// Time. `now().wall` is the kiosk's best civil time: the server's, carried on by the monotonic clock,
/// wherever one is known; `trust` says whether dates and limits may be built on it.
public struct ClockPort: Sendable {
  public var now: @Sendable () -> Moment
  /// Waits until the monotonic clock has passed; throws `CancellationError`.
  public var sleep: @Sendable (Duration) async throws -> Void
  public var trust: @Sendable () -> ClockTrust
  /// The server's time as an answer carried it; `asked` is when the request left.
  public var serverTold: @Sendable (_ time: Timestamp, _ asked: Uptime) -> Void
  /// What the machine's own clock says, whatever that is worth: staff may find it right.
  public var machine: @Sendable () -> Timestamp
  /// Staff say what time it is; false for a time that cannot be.
  public var staffConfirmed: @Sendable (Timestamp) -> Bool
  /// What the next run of the kiosk must know; nil when there is nothing to keep.
  public var memory: @Sendable () -> ClockMemory?

  public init(
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    trust: @escaping @Sendable () -> ClockTrust = { .trusted },
    serverTold: @escaping @Sendable (_ time: Timestamp, _ asked: Uptime) -> Void = { _, _ in },
    machine: (@Sendable () -> Timestamp)? = nil,
    staffConfirmed: @escaping @Sendable (Timestamp) -> Bool = { _ in false },
    memory: @escaping @Sendable () -> ClockMemory? = { nil }
  ) {
    self.now = now
    self.sleep = sleep
    self.trust = trust
    self.serverTold = serverTold
    self.machine = machine ?? { now().wall }
    self.staffConfirmed = staffConfirmed
    self.memory = memory
  }
}

/// Identifiers (also idempotency keys): 128 random bits as 32 hexadecimal digits.
public struct IdentifierPort: Sendable {
  public var make: @Sendable () -> String
  /// Uniform in the range, for jitter.
  public var random: @Sendable (ClosedRange<Double>) -> Double
  public init(
    make: @escaping @Sendable () -> String,
    random: @escaping @Sendable (ClosedRange<Double>) -> Double
  ) {
    self.make = make
    self.random = random
  }

  /// Whether a text may come from `make`.
  public static func hasForm(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// Keyed hashes stand in for everything that names a person (base64url of HMAC-SHA256).
public struct LookupKey: Hashable, Sendable, Codable {
  public let value: String
  public init(value: String) { self.value = value }
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// What a port failed with: a stable code, what was tried, and how the thing below put it.
/// Never carries personal data.
public struct PortError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case unreachable, timedOut, refused, unauthorized, conflict, rateLimited, malformed, notFound
    case storageFull, storageReadOnly, storageDamaged, storageFailed
    case deviceGone, deviceBusy, deviceFault, cancelled, internalFault
    /// The server is there and says that it failed at this very request.
    case serverFault
  }
  public var code: Code
  /// The call or step, e.g. `POST /v1/tickets`, `SCardTransmit`.
  public var step: String
  /// The library's own status, e.g. `503`, `SCARD_W_REMOVED_CARD`.
  public var detail: String
  /// When the server asked to wait.
  public var retryAfter: Duration?

  public init(_ code: Code, step: String, detail: String = "", retryAfter: Duration? = nil) {
    self.code = code
    self.step = step
    self.detail = detail
    self.retryAfter = retryAfter
  }
  public var description: String {
    "\(code.rawValue) at \(step)\(detail.isEmpty ? "" : ": " + detail)"
  }
}
