internal import OfficeModel

/// What `GET /health` says. Keys are snake case on the wire; every measured value carries its age.
public struct HealthReport: Sendable, Equatable, Codable {
  public enum Verdict: String, Sendable, Codable {
    /// Everything works.
    case ok
    /// At least one journey can be completed, not all, or staff should look.
    case degraded
    /// No journey can be completed, or the screen hangs.
    case failing
  }

  public struct Reason: Sendable, Equatable, Codable {
    /// A stable word such as `printer.media-empty`.
    public var code: String
    public var advice: String
    public init(code: String, advice: String) {
      self.code = code
      self.advice = advice
    }
  }

  public struct Device: Sendable, Equatable, Codable {
    public var state: String
    public var fault: String?
    /// Seconds since it was measured; nil while it never was.
    public var ageSeconds: Double?
    public init(state: String, fault: String? = nil, ageSeconds: Double?) {
      self.state = state
      self.fault = fault
      self.ageSeconds = ageSeconds
    }
  }

  public struct JourneyState: Sendable, Equatable, Codable {
    public var available: Bool
    public var reason: String?
    public init(available: Bool, reason: String? = nil) {
      self.available = available
      self.reason = reason
    }
  }

  public struct Cache: Sendable, Equatable, Codable {
    /// Seconds since the cache last agreed with the server; nil while it never did.
    public var ageSeconds: Double?
    public init(ageSeconds: Double?) { self.ageSeconds = ageSeconds }
  }

  public struct Outbox: Sendable, Equatable, Codable {
    public var depth: Int
    public var oldestSeconds: Double?
    public var dead: Int
    public init(depth: Int, oldestSeconds: Double?, dead: Int) {
      self.depth = depth
      self.oldestSeconds = oldestSeconds
      self.dead = dead
    }
  }

  /// Documents that did not verify in a way that no honest office causes, since the start.
  public struct Security: Sendable, Equatable, Codable {
    public var events: Int
    /// Reason code and age of the last; nil while there was none.
    public var lastReason: String?
    public var lastSeconds: Double?
    /// The last is less than a day ago: somebody should look.
    public var alert: Bool
    public init(events: Int, lastReason: String?, lastSeconds: Double?, alert: Bool) {
      self.events = events
      self.lastReason = lastReason
      self.lastSeconds = lastSeconds
      self.alert = alert
    }
  }

  /// The newest revocation list of a root or issuer.
  public struct RevocationList: Sendable, Equatable, Codable {
    public var issuer: String
    public var number: String?
    /// Since it was issued.
    public var ageSeconds: Double
    public init(issuer: String, number: String?, ageSeconds: Double) {
      self.issuer = issuer
      self.number = number
      self.ageSeconds = ageSeconds
    }
  }

  /// A certificate of the connection to the Dinas.
  public struct Certificate: Sendable, Equatable, Codable {
    /// `kiosk` or `dinasRoot`.
    public var role: String
    /// How long it is still good; negative when it has expired.
    public var validSeconds: Double
    public init(role: String, validSeconds: Double) {
      self.role = role
      self.validSeconds = validSeconds
    }
  }

  /// Paper and toner of one A4 printer; what nobody knows is nil.
  public struct Supplies: Sendable, Equatable, Codable {
    public struct Marker: Sendable, Equatable, Codable {
      public var name: String?
      public var percent: Int?
      public init(name: String?, percent: Int?) {
        self.name = name
        self.percent = percent
      }
    }
    public var printer: String
    public var sheetsLeft: Int?
    /// Nobody counted the sheets: the number rests on what the tray takes.
    public var isEstimate: Bool
    public var documentsLeft: Int?
    public var sheetsSinceRefill: Int?
    public var markers: [Marker]

    init(_ reading: PrinterReading) {
      printer = reading.name
      sheetsLeft = reading.paper.sheetsLeft
      isEstimate = reading.paper.isEstimate
      documentsLeft = reading.paper.documentsLeft
      sheetsSinceRefill = reading.paper.sheetsSinceRefill
      markers = (reading.supplies?.markers ?? []).map { marker in
        if case .percent(let percent) = marker.level {
          Marker(name: marker.name, percent: percent)
        } else {
          Marker(name: marker.name, percent: nil)
        }
      }
    }
  }

  public struct Storage: Sendable, Equatable, Codable {
    public var writable: Bool
    public var freeBytes: Int64?
    public init(writable: Bool, freeBytes: Int64?) {
      self.writable = writable
      self.freeBytes = freeBytes
    }
  }

  public struct Glass: Sendable, Equatable, Codable {
    public var lastLoopSeconds: Double?
    public var lastFrameSeconds: Double?
    public var lastTouchSeconds: Double?
    public var frames: Int
    public init(
      lastLoopSeconds: Double?, lastFrameSeconds: Double?, lastTouchSeconds: Double?, frames: Int
    ) {
      self.lastLoopSeconds = lastLoopSeconds
      self.lastFrameSeconds = lastFrameSeconds
      self.lastTouchSeconds = lastTouchSeconds
      self.frames = frames
    }
  }

  public var verdict: Verdict
  public var reasons: [Reason]
  public var office: String
  public var kiosk: String
  public var version: String
  public var demonstration: Bool
  public var uptimeSeconds: Double
  public var glass: Glass
  public var devices: [String: Device]
  public var journeys: [String: JourneyState]
  public var server: Device
  public var cache: Cache
  public var outbox: Outbox
  public var storage: Storage
  public var security: Security
  public var revocationLists: [RevocationList]
  public var confinement: String?
  public var certificates: [Certificate]
  /// Of each A4 printer that was looked at.
  public var supplies: [Supplies]
}
