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
    let failed = if case .failed = shown.paper { true } else { false }
    let (head, all, buttons) = zones.page(titleHeight: 90)
    var body = all
    heading(strings[.complaintTitle], in: head)
    let paper = paperWords(shown.paper, failed: .complaintPaperFailed)
    let high = noticeHeight(paper.0, width: body.width, role: .body, atMost: body.height * 2 / 5)
    notice(paper.0, paper.1, icon: paper.2, in: body.cutBottom(high), role: .body)

    draw(boxCommand(body, radius: 28, fill: theme.surface, stroke: theme.primary, width: 6))
    var card = body.inset(36, 24)
    text(
      strings[shown.complaint.kind.words], in: card.cutTop(card.height / 5), .subtitle,
      face: .semibold, align: .center, vertical: .middle)
    text(
      strings[.complaintHint], in: card.cutBottom(card.height * 2 / 5, gap: 0), .body,
      align: .center, vertical: .middle)
    text(
      shown.complaint.number, in: card, .ticket, face: .bold, color: theme.primary, align: .center,
      vertical: .middle)
    slipButtons(failed: failed, in: buttons)
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
