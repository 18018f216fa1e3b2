internal import OfficeModel
public import Ports

/// What stands on a slip, as a value: no bytes, no printer.
public struct TicketLayout: Sendable, Equatable {
  public struct Style: Hashable, Sendable {
    /// Characters are this many times as wide and high, 1...8.
    public var size: Int
    public var isBold: Bool
    public init(size: Int = 1, isBold: Bool = false) {
      self.size = min(max(size, 1), 8)
      self.isBold = isBold
    }
  }

  public enum Line: Sendable, Equatable {
    /// Centred; broken between words where the paper is too narrow.
    case text(String, Style)
    case rule
    case blank
    case qr(String)
    case logo
  }

  public var lines: [Line]
  public init(lines: [Line]) { self.lines = lines }
}

extension TicketLayout {
  /// A slip as the office's template has it; a demonstration's is marked above and below, whatever
  /// the template says.
  public init(_ print: TicketPrint, _ template: TicketTemplate) {
    let values = Self.values(print, template.words)
    let lines =
      switch print.subject {
      case .ticket: template.queueNumber
      case .complaint: template.complaint
      }
    var filled = lines.compactMap { Self.filled($0, values) }
    if print.isDemonstration {
      filled.insert(
        contentsOf: [.text("CONTOH - BUKAN TIKET ASLI", Style(isBold: true)), .rule], at: 0)
      filled += [.rule, .text("CONTOH", Style(size: 2, isBold: true))]
    }
    self.init(lines: filled)
  }

  private typealias Values = [TicketTemplate.Placeholder: String]

  /// Nil for a line that needs what is not known.
  private static func filled(_ line: TicketTemplate.Line, _ values: Values) -> Line? {
    func fill(_ pieces: [TicketTemplate.Piece]) -> String? {
      var text = ""
      for piece in pieces {
        switch piece {
        case .words(let words): text += words
        case .placeholder(let placeholder):
          guard let value = values[placeholder] else { return nil }
          text += value
        }
      }
      return text
    }
    switch line {
    case .text(let pieces, let style): return fill(pieces).map { .text($0, style) }
    case .qr(let pieces): return fill(pieces).map { .qr($0) }
    case .rule: return .rule
    case .blank: return .blank
    case .logo: return .logo
    }
  }

  private static func values(_ print: TicketPrint, _ words: TicketTemplate.Words) -> Values {
    var values: Values = [.office: print.officeName]
    if !print.qrPayload.isEmpty { values[.code] = print.qrPayload }
    let at: Timestamp?
    switch print.subject {
    case .ticket(let ticket):
      values[.number] = ticket.number.description
      values[.service] = ticket.serviceName
      values[.lane] = ticket.lane == .priority ? words.priority : words.general
      at = ticket.issuedAt
    case .complaint(let complaint):
      values[.number] = complaint.number
      at = complaint.filedAt
    }
    if let at {
      let local = LocalTime(at, in: print.zone)
      let weekday = Weekday.allCases.firstIndex(of: local.date.weekday) ?? 0
      values[.weekday] = words.weekdays[safe: weekday]
      let month = words.months[safe: local.date.month - 1] ?? String(local.date.month)
      values[.date] = "\(local.date.day) \(month) \(local.date.year)"
      values[.time] = local.time.text
      values[.zone] = print.zone.rawValue
    }
    return values
  }
}
