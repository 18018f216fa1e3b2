internal import OfficeModel
public import Ports

/// What stands on a ticket, as a value: no bytes, no printer.
public struct TicketLayout: Sendable, Equatable {
  public struct Style: Sendable, Equatable {
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
  }

  public var lines: [Line]
  public init(lines: [Line]) { self.lines = lines }
}

extension TicketLayout {
  /// A slip: office, what it is for, its number large, date and time of the office's zone, QR.
  public init(_ print: TicketPrint) {
    let (head, foot, at) =
      switch print.subject {
      case .ticket(let ticket): Self.parts(of: ticket)
      case .complaint(let complaint): Self.parts(of: complaint)
      }
    var lines: [Line] = []
    if print.isDemonstration {
      lines += [.text("CONTOH - BUKAN TIKET ASLI", Style(isBold: true)), .rule]
    }
    lines += [.text(print.officeName, Style(isBold: true)), .blank]
    lines += head
    lines.append(.blank)
    if let at { lines += Self.moment(at, in: print.zone) }
    if !print.qrPayload.isEmpty { lines += [.qr(print.qrPayload), .blank] }
    lines.append(.text(foot, Style()))
    if print.isDemonstration {
      lines += [.rule, .text("CONTOH", Style(size: 2, isBold: true))]
    }
    self.init(lines: lines)
  }

  private static func moment(_ at: Timestamp, in zone: OfficeZone) -> [Line] {
    let local = LocalTime(at, in: zone)
    return [
      .text(
        "\(local.date.weekday.indonesian), \(local.date.day) \(local.date.indonesianMonth) "
          + "\(local.date.year)", Style()),
      .text("Pukul \(local.time.text) \(zone.rawValue)", Style()),
      .blank,
    ]
  }

  private typealias Parts = (head: [Line], foot: String, at: Timestamp?)

  private static func parts(of ticket: IssuedTicket) -> Parts {
    (
      [
        .text("NOMOR ANTREAN", Style()),
        .text(ticket.number.description, Style(size: 5, isBold: true)),
        .blank,
        .text(ticket.serviceName, Style(isBold: true)),
        .text(ticket.lane == .priority ? "Jalur prioritas" : "Jalur umum", Style()),
      ], "Mohon menunggu sampai nomor Anda dipanggil.", ticket.issuedAt
    )
  }

  private static func parts(of complaint: Complaint) -> Parts {
    (
      [
        .text("NOMOR PENGADUAN", Style()),
        .text(complaint.number, Style(size: 3, isBold: true)),
      ],
      "Sebut nomor ini di loket pengaduan untuk menambah cerita atau menanyakan tindak lanjutnya.",
      complaint.filedAt
    )
  }
}

extension Weekday {
  var indonesian: String {
    switch self {
    case .monday: "Senin"
    case .tuesday: "Selasa"
    case .wednesday: "Rabu"
    case .thursday: "Kamis"
    case .friday: "Jumat"
    case .saturday: "Sabtu"
    case .sunday: "Minggu"
    }
  }
}

extension CivilDate {
  private static let months = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
  ]
  // A date's month lies in 1...12 by construction.
  var indonesianMonth: String { Self.months[month - 1] }
}
