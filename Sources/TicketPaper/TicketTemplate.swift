/// How an office's slips look: a file of `kiosk-config/tickets/`. All words on a slip come from here,
/// except for the mark of a demonstration.
public struct TicketTemplate: Hashable, Sendable {
  /// What is filled in when a slip is printed.
  public enum Placeholder: String, Hashable, Sendable, CaseIterable {
    case office, number, service, lane, weekday, date, time, zone
    /// What the QR code holds.
    case code

    /// A line with one of these is left out where nobody vouches for the time.
    var isMoment: Bool {
      switch self {
      case .weekday, .date, .time, .zone: true
      case .office, .number, .service, .lane, .code: false
      }
    }

    /// A complaint has no service and no lane.
    public static let ofComplaints = Set(allCases).subtracting([.service, .lane])
  }

  public enum Piece: Hashable, Sendable {
    case words(String)
    case placeholder(Placeholder)
  }

  public enum Line: Hashable, Sendable {
    case text([Piece], TicketLayout.Style)
    case qr([Piece])
    case rule
    case blank
    case logo
  }

  public struct Words: Hashable, Sendable {
    public var general: String
    public var priority: String
    /// Monday first.
    public var weekdays: [String]
    /// January first.
    public var months: [String]

    public init(general: String, priority: String, weekdays: [String], months: [String]) {
      self.general = general
      self.priority = priority
      self.weekdays = weekdays
      self.months = months
    }
  }

  public var queueNumber: [Line]
  public var complaint: [Line]
  public var words: Words

  public init(queueNumber: [Line], complaint: [Line], words: Words) {
    self.queueNumber = queueNumber
    self.complaint = complaint
    self.words = words
  }

  public struct TextProblem: Error, Hashable, Sendable {
    /// In scalars from the text's beginning.
    public var offset: Int
    /// What stands between the braces; nil where one has no partner.
    public var name: String?
  }

  /// Splits a text at its placeholders: `Nomor {number}`.
  public static func pieces(
    of text: String, among known: Set<Placeholder>
  ) throws(TextProblem) -> [Piece] {
    var pieces: [Piece] = []
    var words = ""
    var name: String?
    var start = 0
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      switch (scalar, name) {
      case ("{", nil):
        start = offset
        name = ""
      case ("}", let found?):
        guard let placeholder = Placeholder(rawValue: found), known.contains(placeholder) else {
          throw TextProblem(offset: start, name: found)
        }
        if !words.isEmpty { pieces.append(.words(words)) }
        pieces.append(.placeholder(placeholder))
        words = ""
        name = nil
      case ("{", _), ("}", _): throw TextProblem(offset: offset, name: nil)
      case (_, let begun?): name = begun + String(scalar)
      default: words.unicodeScalars.append(scalar)
      }
    }
    guard name == nil else { throw TextProblem(offset: start, name: nil) }
    if !words.isEmpty { pieces.append(.words(words)) }
    return pieces
  }
}
