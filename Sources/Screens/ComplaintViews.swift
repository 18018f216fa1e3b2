internal import Journey
internal import OfficeModel

extension Canvas {
  /// The office's own channels, and the way to complain here.
  mutating func complaints(page: Int) {
    let (title, body, buttons) = zones.page(titleHeight: 250)
    heading(strings[.complaintsTitle], strings[.complaintsText], in: title)
    var seen: [String] = []
    for service in state.office.services {
      for channel in service.complaintChannels where !seen.contains(channel) && seen.count < 60 {
        seen.append(channel)
      }
    }
    if seen.isEmpty { seen = [strings[.complaintsNone]] }
    pagedText(
      seen.map { .item($0) }, page: page, in: body, buttons: buttons,
      action: (.complain, strings[.complain]), itemRole: .body)
  }

  mutating func complaintKinds() {
    heading(strings[.complaintKindsTitle], strings[.complaintKindsText], in: zones.info)
    let columns = zones.isLandscape ? 4 : 2
    let kinds = ComplaintKind.allCases
    let rows = zones.content.rows(kinds.count / columns, gap: 16)
    uniformly { canvas in
      for (index, kind) in kinds.enumerated() {
        let rect = rows[index / columns].columns(columns)[index % columns]
        canvas.tile(
          .complaintKind(kind), number: index + 1, canvas.strings[kind.words], icon: kind.icon, rect
        )
      }
    }
  }

  mutating func complaint(_ shown: ComplaintShown) {
    var card = slip(strings[.complaintTitle], shown.paper, failed: .complaintPaperFailed)
    text(
      strings[shown.complaint.kind.words], in: card.cutTop(card.height / 5), .subtitle,
      face: .semibold, align: .center, vertical: .middle)
    text(
      strings[.complaintHint], in: card.cutBottom(card.height * 2 / 5, gap: 0), .body,
      align: .center, vertical: .middle)
    text(
      shown.complaint.number, in: card, .ticket, face: .bold, color: theme.primary, align: .center,
      vertical: .middle)
  }

  mutating func complaintRefused() {
    message(
      strings[.complaintRefusedTitle], strings[.complaintRefused], .warn, icon: .complaint,
      buttons: [(.goHome, strings[.goHome], .home)])
  }
}

extension ComplaintKind {
  fileprivate var words: StringKey {
    switch self {
    case .waiting: .complaintWaiting
    case .late: .complaintLate
    case .wrongDocument: .complaintWrongDocument
    case .officer: .complaintOfficer
    case .fee: .complaintFee
    case .facility: .complaintFacility
    case .access: .complaintAccess
    case .other: .complaintOther
    }
  }

  fileprivate var icon: Icon {
    switch self {
    case .waiting: .person
    case .late: .clock
    case .wrongDocument: .document
    case .officer: .staff
    case .fee: .banknote
    case .facility: .office
    case .access: .wheelchair
    case .other: .complaint
    }
  }
}
