internal import Journey
internal import OfficeModel

extension Canvas {
  mutating func serviceList(_ purpose: ServicePurpose) {
    heading(
      strings[purpose == .ticket ? .serviceListTicket : .serviceListInformation],
      strings[.serviceListHint], in: zones.info)
    var area = zones.content
    let shown = Array(Journey.servicesShown(in: state))
    if shown.isEmpty {
      notice(strings[.servicesEmpty], .warn, in: area.cutTop(160), role: .body)
      return
    }
    let pages = Journey.servicePages(in: state)
    if pages > 1 { pager(page: state.listPage, pages: pages, in: area.cutBottom(Zones.control)) }
    let columns = zones.isLandscape ? 3 : 2
    let rowCount = (JourneyLimits.servicesPerPage + columns - 1) / columns
    let rows = area.rows(rowCount)
    uniformly { canvas in
      for (index, service) in shown.enumerated() {
        var rect = rows[index / columns].columns(columns)[index % columns]
        rect.height = min(rect.height, 304)
        canvas.tile(
          .service(service.id), number: index + 1, service.shortTitle,
          icon: canvas.serviceIcon(service), rect)
      }
    }
  }

  private func serviceIcon(_ service: ServiceStandard) -> Icon {
    let name = service.id.lowercased()
    if name.contains("ktp") || name.contains("kia") || name.contains("ikd") { return .idcard }
    if name.contains("kk") || name.contains("keluarga") { return .family }
    return .document
  }

  /// One service's requirements in the office's own words, as many pages as they need.
  mutating func requirements(_ id: String, _ purpose: ServicePurpose, page: Int) {
    let service = state.office.services.first { $0.id == id }
    let name = service?.shortTitle ?? ""
    let (title, body, buttons) = zones.page(titleHeight: 130)
    heading(strings(.requirementsTitle, ["service": name]), in: title)

    var paragraphs: [Paragraph] = []
    if let service, service.hasStandard {
      for group in service.requirements {
        paragraphs.append(.head(group.condition ?? strings[.requirementsForAll]))
        for item in group.items { paragraphs.append(.item(item)) }
      }
      if !service.timeLimit.text.isEmpty {
        paragraphs.append(
          .fact(.clock, strings(.requirementsTime, ["time": service.timeLimit.text])))
      }
      if !service.fee.isEmpty {
        paragraphs.append(.fact(.check, strings(.requirementsFee, ["fee": service.fee])))
      }
      if !service.product.isEmpty {
        paragraphs.append(
          .fact(.document, strings(.requirementsProduct, ["product": service.product])))
      }
    }
    if paragraphs.isEmpty {
      paragraphs.append(.item(service?.notice ?? strings[.requirementsMissing]))
    }
    let action: Control = purpose == .ticket ? .continue : .takeNumber
    let label = strings[purpose == .ticket ? .keyContinue : .takeThisNumber]
    pagedText(paragraphs, page: page, in: body, buttons: buttons, action: (action, label))
  }

  enum Paragraph {
    case head(String)
    case item(String)
    case fact(Icon, String)

    var text: String {
      switch self {
      case .head(let text), .item(let text), .fact(_, let text): text
      }
    }
  }

  /// Lays paragraphs on pages, shows one, and puts the pager and a main button below.
  mutating func pagedText(
    _ paragraphs: [Paragraph], page: Int, in body: Rect, buttons: Rect,
    action: (Control, String)?, itemRole: TextRole = .note
  ) {
    draw(boxCommand(body, fill: theme.surface, stroke: strokeIfPlain))
    let room = body.inset(32, 24)
    let indent = 52
    var pages: [[(Paragraph, Int)]] = [[]]
    var used = 0
    for paragraph in paragraphs {
      let isHead = if case .head = paragraph { true } else { false }
      let wide = isHead ? room.width : room.width - indent
      let high = min(
        room.height,
        height(
          of: paragraph.text, width: wide, isHead ? .body : itemRole,
          face: isHead ? .bold : .regular))
      let gap = used == 0 ? 0 : isHead ? 28 : 14
      // A heading never stands alone at the foot of a page.
      let needed = gap + high + (isHead ? 90 : 0)
      if used > 0, used + needed > room.height {
        pages.append([])
        used = 0
      }
      pages[pages.count - 1].append((paragraph, high))
      used += (used == 0 ? 0 : gap) + high
    }
    let shown = min(page, pages.count - 1)
    var y = room.y
    for (index, (paragraph, high)) in pages[shown].enumerated() {
      if index > 0 { if case .head = paragraph { y += 28 } else { y += 14 } }
      let box = Rect(x: room.x, y: y, width: room.width, height: min(high, room.maxY - y))
      let right = Rect(
        x: room.x + indent, y: y, width: room.width - indent, height: box.height)
      switch paragraph {
      case .head(let words): text(words, in: box, .body, face: .bold)
      case .item(let words):
        let dot = itemRole.pixels(state.preferences.textSize)
        draw(
          .disc(
            device(Rect(x: room.x + 12, y: y + dot * 2 / 5, width: 14, height: 14)),
            theme.primary))
        text(words, in: right, itemRole)
      case .fact(let icon, let words):
        draw(
          iconCommand(
            icon, center: room.x + 20,
            y + itemRole.pixels(state.preferences.textSize) * 3 / 5, size: 36,
            theme.primary))
        text(words, in: right, itemRole)
      }
      y += high
    }
    guard pages.count > 1 else {
      if let (control, label) = action { button(control, label, buttons, kind: .primary) }
      return
    }
    let columns = buttons.columns(action == nil ? 2 : 3)
    stacked(.previousPage, strings[.pagePrevious], icon: .back, columns[0], iconSize: 48)
    stacked(
      .nextPage, strings[.pageNext], icon: .next, columns[1], enabled: shown + 1 < pages.count,
      iconSize: 48)
    if let (control, label) = action {
      button(control, label, columns[2], kind: .primary)
    }
  }

  mutating func lane(_ serviceID: String) {
    heading(strings[.laneTitle], strings[.laneText], in: zones.info)
    var area = zones.content
    if let line = laneWaits(serviceID) {
      let high = noticeHeight(line, width: area.width, atMost: 240)
      notice(line, .info, icon: .clock, in: area.cutBottom(high, gap: 16))
    }
    let high = min(320, (area.height - 16) / 2)
    button(
      .lane(.priority), strings[.lanePriority], icon: .wheelchair, area.cutTop(high),
      size: .subtitle)
    area.cutTop(16)
    button(
      .lane(.general), strings[.laneGeneral], icon: .person, area.cutTop(high), kind: .primary,
      size: .subtitle)
  }

  /// How many wait in the lanes of a service, and when the server said so.
  private func laneWaits(_ serviceID: String) -> String? {
    guard let queue = state.facts.queue, let general = queue.wait(serviceID, .general),
      let priority = queue.wait(serviceID, .priority)
    else { return nil }
    func words(_ wait: WaitEstimate) -> String {
      let count = String(wait.waiting)
      guard let minutes = wait.minutes, wait.waiting > 0 else {
        return strings(.laneWaiting, ["count": count])
      }
      return strings(.laneWaitingMinutes, ["count": count, "minutes": String(minutes)])
    }
    return strings(
      .laneWaits,
      ["priority": words(priority), "general": words(general), "time": moment(queue.asOf)])
  }
}
