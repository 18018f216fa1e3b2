/// Names and limits of version 1 of the Dinas API, shared by client and simulator. The whole of it
/// is described in `Documentation/dinas-api.yaml`.
public enum DinasAPI {
  public static let version = 1

  public enum Path {
    public static let ping = "/v1/ping"
    public static let changes = "/v1/changes"
    public static let credentialCheck = "/v1/credentials/check"
    public static let tickets = "/v1/tickets"
    public static let nextTicket = "/v1/tickets/next"
    public static let ticketVoid = "/v1/tickets/void"
    public static let events = "/v1/events"
    public static let documents = "/v1/documents"
    public static let revocationLists = "/v1/revocation-lists"
    public static let printLease = "/v1/prints/lease"

    /// `id` must have passed `Check.identifier`: nothing in it needs escaping then.
    public static func document(_ id: String) -> String { documents + "/" + id }

    /// `id` must have passed `Check.identifier`.
    public static func revocationList(_ id: String) -> String { revocationLists + "/" + id }

    /// The path and query of a page; cursor and kiosk hold only unreserved characters.
    public static func changes(since cursor: String?, kiosk: String) -> String {
      changes + "?kiosk=" + kiosk + (cursor.map { "&since=" + $0 } ?? "")
    }
  }

  public enum Header {
    public static let idempotencyKey = "Idempotency-Key"
    /// RFC 9530: `sha-256=:BASE64:` over the body as it was sent.
    public static let contentDigest = "Content-Digest"
    /// `sha-256=:BASE64:` over the cursor that was asked with, a line feed and the page as it was
    /// before it was packed (`WireHash.pageDigest`).
    public static let pageDigest = "Page-Digest"
  }

  /// The content coding of pages, where the kiosk asks for it.
  public static let gzip = "gzip"

  public enum MediaType {
    public static let json = "application/json"
    /// RFC 9457.
    public static let problem = "application/problem+json"
    public static let sealedDocument = "application/octet-stream"
    /// RFC 2585.
    public static let revocationList = "application/pkix-crl"
  }

  /// Nobody sends or accepts more than this.
  public enum Limit {
    /// A page holds at most this many rows of each kind, about 400 bytes each.
    public static let rowsPerPage = 500
    public static let pageBytes = 1 << 20
    /// What a kiosk sends: a ticket or an event is under one KiB.
    public static let requestBytes = 16 << 10
    /// Every answer but pages and documents.
    public static let answerBytes = 64 << 10
    /// The verifier refuses larger documents, so none is offered; sealing adds 28 bytes.
    public static let documentBytes = 25 << 20
    public static let sealedDocumentBytes = documentBytes + DocumentSeal.overheadBytes
    /// Documents of one citizen at one kiosk.
    public static let documentsPerCitizen = 50
    public static let announcements = 20
    /// Some years of holidays, each day on its own.
    public static let closures = 500
    /// Ramadans of this many years.
    public static let periods = 50
    /// Issuers of signers, and their roots.
    public static let revocationLists = 20
    public static let revocationListBytes = 16 << 20
    public static let nowServing = 50
    /// 30 services in two lanes, for today and four days ahead.
    public static let reserves = 300
    public static let queueLines = 60
    /// More bookings than an office takes for two days.
    public static let bookings = 1000
    /// Numbers for a NIK or a booking that one kiosk gives on a day.
    public static let closedTickets = 2000
    /// `P`, three letters of the office and two digits of a kiosk.
    public static let seriesCharacters = 6
    public static let ticketNumber = 9999
    public static let cursorCharacters = 128
    public static let identifierCharacters = 64
    public static let textCharacters = 200
    public static let noteCharacters = 1000
  }
}
