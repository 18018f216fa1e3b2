internal import Journey
internal import OfficeModel

extension Canvas {
  mutating func attract() {
    let local = LocalTime(state.now.wall, in: state.office.zone)
    var info = zones.info
    if zones.isLandscape {
      text(
        clockWords(local), in: info.cutTop(150), .hero, face: .bold,
        color: theme.primary)
      text(dateWords(strings.longDate(local.date)), in: info.cutTop(110), .body)
      info.cutTop(16)
    } else {
      let top = info.cutTop(130)
      text(
        clockWords(local), in: Rect(x: top.x, y: top.y, width: 350, height: 130), .hero,
        face: .bold, color: theme.primary, vertical: .middle)
      text(
        dateWords(strings.longDate(local.date)),
        in: Rect(x: top.x + 366, y: top.y, width: top.width - 366, height: 130), .body,
        align: .trailing, vertical: .middle)
      info.cutTop(8)
    }
    nowServing(in: info)

    var body = zones.content
    let start = body.cutBottom(200, gap: 24)
    let invitation = body.cutBottom(zones.isLandscape ? 120 : 190, gap: 16)
    let rest = announcements(in: strips(in: body))
    offers(in: rest)

    let images = strings.invitations.map { line in
      textCommands(
        line, in: invitation.inset(8, 4), .hero, face: .bold, color: theme.ink, align: .center,
        vertical: .middle
      ).commands
    }
    if let first = images.first { frame.backdrop += first }
    if case .text(_, _, _, let style)? = images.first?.first {
      frame.texts.append(
        TextFrame(text: strings[.attractTouch], rect: device(invitation), style: style))
    }
    // The same invitation in each language in turn; the ground is drawn with each.
    if images.count > 1 {
      frame.backdrop.removeLast(images.first?.count ?? 0)
      frame.animation = Animation(
        rect: device(invitation),
        images: images.map { [fillCommand(invitation, theme.background)] + $0 },
        interval: .seconds(4))
    }
    // Wherever the hand lands above the bar, the kiosk begins.
    let everywhere = Rect(x: 0, y: 0, width: zones.bar.width, height: zones.bar.y)
    add(.start, label: strings[.attractTouch], start, kind: .primary, hit: everywhere) {
      canvas, ink in
      let middle = start.y + start.height / 2
      let label = canvas.strings[.attractStart]
      let box = Rect(
        x: start.x + start.width / 2 - 60, y: start.y, width: start.width / 2, height: start.height)
      return [
        canvas.iconCommand(
          .hand, center: start.x + start.width / 2 - 130, middle, size: 104, ink.icon)
      ]
        + canvas.textCommands(
          label, in: box, .title, face: .bold, color: ink.text, vertical: .middle
        ).commands
    }
  }

  /// Numbers being served; opening hours where nothing is being called.
  mutating func nowServing(in area: Rect) {
    var area = area
    guard area.height >= 120 else { return }
    let counters = state.facts.nowServing.prefix(3)
    let title = counters.isEmpty ? strings[.attractNoQueue] : strings[.attractNowServing]
    let head = area.cutTop(min(60, area.height / 4))
    text(title, in: head, .note, face: .semibold, color: theme.muted, vertical: .middle)
    area.cutTop(6)
    if counters.isEmpty {
      let card = Rect(
        x: area.x, y: area.y, width: area.width,
        height: min(area.height, zones.isLandscape ? 340 : 220))
      draw(boxCommand(card, fill: theme.surface, stroke: strokeIfPlain))
      text(
        state.office.openingHours.joined(separator: "\n"), in: card.inset(28, 16), .body,
        vertical: .middle)
      return
    }
    let high = min(area.height, 200)
    // As many as can be read; the first ones are the latest calls.
    let fitting = min(counters.count, max(1, (area.height + 16) / 126))
    let cards =
      zones.isLandscape
      ? Rect(
        x: area.x, y: area.y, width: area.width,
        height: min(area.height, fitting * 186 - 16)
      ).rows(fitting)
      : Rect(x: area.x, y: area.y, width: area.width, height: high).columns(3, gap: 24)
    for (counter, card) in zip(counters, cards) { servingCard(counter, card) }
  }

  private mutating func servingCard(_ counter: CounterFact, _ card: Rect) {
    let edge = counter.isPriority ? theme.attention : theme.primary
    draw(
      boxCommand(card, radius: 16, fill: edge),
      boxCommand(
        Rect(x: card.x + 12, y: card.y, width: card.width - 12, height: card.height), radius: 12,
        fill: theme.surface, stroke: strokeIfPlain))
    let room = card.inset(28, 10)
    let number = Rect(
      x: room.x + 8, y: room.y, width: room.width - 8, height: room.height * 3 / 5)
    text(counter.number, in: number, .title, face: .bold, vertical: .middle)
    let label = Rect(
      x: number.x, y: number.maxY, width: number.width, height: room.height - number.height)
    text(
      strings(
        counter.isPriority ? .counterPriority : .counterLabel, ["counter": counter.counter]),
      in: label, .note, color: theme.muted, vertical: .middle)
  }

  var strokeIfPlain: Color? { theme.strokeWidth > 3 ? theme.line : nil }

  /// What works now, what does not and why; a card that lies on the reader.
  /// Answers the space left below.
  mutating func strips(in area: Rect) -> Rect {
    var area = area
    var lines: [(String, NoticeKind, Icon)] = []
    if let card = cardStrip() { lines.append(card) }
    if !state.facts.storeWritable { lines.append((strings[.stripStore], .warn, .warning)) }
    switch state.facts.documentPrinter {
    case .down(let fault):
      lines.append(
        (strings(.stripPrinterDown, ["reason": faultWords(fault)]), .warn, .printer))
    default: break
    }
    if state.facts.serverReachable == false {
      let text =
        state.facts.cacheSyncedAt.map { strings(.stripOffline, ["time": moment($0)]) }
        ?? strings[.stripOfflineNoData]
      lines.append((text, .warn, .network))
    }
    if case .down = state.facts.ticketPrinter {
      lines.append((strings[.stripTicketPaper], .warn, .ticket))
    }
    if lines.isEmpty { lines.append((strings[.servicesAvailable], .ok, .check)) }
    for (line, kind, icon) in lines {
      let high = noticeHeight(line, width: area.width, atMost: min(240, area.height))
      guard high >= 72, area.height >= high else { return area }
      notice(line, kind, icon: icon, in: area.cutTop(high))
      area.cutTop(16)
    }
    return area
  }

  /// Sentences of the Dinas that count today, newest first; each whole or not at all, and none in the
  /// room of the offers. Answers the space left below.
  private mutating func announcements(in area: Rect) -> Rect {
    var area = area
    let today = LocalTime(state.now.wall, in: state.office.zone).date
    let current = (state.facts.office?.announcements ?? []).filter { $0.isShown(on: today) }
    for announcement in current.prefix(JourneyLimits.announcements) {
      let high = noticeHeight(announcement.text, width: area.width, atMost: .max)
      guard area.height - high - 16 >= offersHeight else { continue }
      notice(announcement.text, .info, in: area.cutTop(high))
      area.cutTop(16)
    }
    return area
  }

  /// The least room in which the offers can be read.
  private var offersHeight: Int { 8 + (zones.isLandscape ? 1 : 2) * 110 }

  /// What this machine does, for those who see it for the first time.
  private mutating func offers(in area: Rect) {
    var area = area
    area.cutTop(8)
    let all: [(StringKey, Icon, Control)] = [
      (.tileTakeNumber, .ticket, .takeNumber), (.tilePrint, .printer, .printDocument),
      (.tileStatus, .search, .checkStatus), (.tileRequirements, .checklist, .requirements),
    ]
    let usable = all.filter { Journey.obstacle(to: $0.2, in: state) == nil }
    let columns = zones.isLandscape ? 4 : 2
    let rowCount = (usable.count + columns - 1) / columns
    guard rowCount > 0, area.height >= rowCount * 110 else { return }
    area.height = min(area.height, rowCount * 190)
    let rows = area.rows(rowCount, gap: 0)
    uniformly { canvas in
      for (index, (key, icon, _)) in usable.enumerated() {
        canvas.offer(key, icon, in: rows[index / columns].columns(columns)[index % columns])
      }
    }
  }

  private mutating func offer(_ key: StringKey, _ icon: Icon, in box: Rect) {
    let disc = min(112, box.height - 24, box.width / 4)
    let place = Rect(
      x: box.x, y: box.y + (box.height - disc) / 2, width: disc, height: disc)
    draw(
      .disc(device(place), theme.tint),
      iconCommand(
        icon, center: place.x + disc / 2, place.y + disc / 2, size: disc * 9 / 16,
        theme.primary))
    let words = Rect(
      x: place.maxX + 24, y: box.y + 4, width: box.width - disc - 32, height: box.height - 8)
    text(strings[key], in: words, .body, face: .semibold, vertical: .middle)
  }

  func cardStrip() -> (String, NoticeKind, Icon)? {
    guard case .present(let kind) = state.facts.cardReader else { return nil }
    return switch kind {
    case .unread: (strings[.cardReading], .info, .idcard)
    case .ktpEl: (strings[.cardReadKTP], .ok, .idcard)
    case .other: (strings[.cardReadOther], .warn, .idcard)
    case .mute, .error: (strings[.cardReadMute], .warn, .idcard)
    }
  }
}
