internal import Journey
internal import OfficeModel
internal import SensitiveMemory

extension Canvas {
  mutating func credentialRefused(_ refusal: CredentialRefusal) {
    let sentence: String =
      switch refusal {
      case .wrong: strings[.credentialWrong]
      case .unknownCode: strings[.credentialUnknownCode]
      case .locked(let until):
        until.map { strings(.credentialLocked, ["time": moment($0)]) }
          ?? strings[.credentialLockedPlain]
      case .expired: strings[.credentialExpired]
      case .spent: strings[.credentialSpent]
      case .notKnownOffline(let tries):
        strings(.credentialNotKnownOffline, ["count": String(tries)])
      case .serverUnreachable: strings[.credentialOffline]
      case .storeUnavailable: strings[.credentialStore]
      }
    message(
      strings[.credentialTitle], sentence, .warn, icon: .warning,
      buttons: [
        (.tryAgain, strings[.tryAgain], .retry), (.goHome, strings[.goHome], .home),
      ])
  }

  mutating func documents(_ list: [DocumentSummary], page: Int) {
    if list.isEmpty {
      message(
        strings[.documentsTitle], strings[.documentsEmpty], .info, icon: .document,
        buttons: [(.goHome, strings[.goHome], .home)])
      return
    }
    var info = zones.info
    if let words = printObstacle {
      notice(
        words, .warn,
        in: info.cutBottom(noticeHeight(words, width: info.width, atMost: info.height / 2)))
    }
    heading(
      strings[.documentsTitle], strings[.documentsHint],
      step: strings(.entryStepPrint, ["step": "3"]), in: info)
    var area = zones.content
    let perPage = JourneyLimits.documentsPerPage
    let pages = (list.count + perPage - 1) / perPage
    if pages > 1 { pager(page: page, pages: pages, in: area.cutBottom(Zones.control)) }
    let columns = zones.isLandscape ? 2 : 1
    let rows = area.rows(perPage / columns)
    uniformly { canvas in
      for (index, document) in Journey.documentsShown(list, page: page).enumerated() {
        var rect = rows[index / columns].columns(columns)[index % columns]
        rect.height = min(rect.height, 240)
        canvas.tile(
          .document(document.id), number: index + 1, document.kind,
          detail: canvas.documentDetail(document), icon: document.isCard ? .idcard : .document,
          rect)
      }
    }
  }

  /// Why no document can be printed now; nil when it can.
  private var printObstacle: String? {
    let reason: String
    switch Journey.obstacle(to: .print, in: state) {
    case .printer(let fault): reason = faultWords(fault)
    case .noPrinter: reason = strings[.reasonNoPrinter]
    case .store: reason = strings[.reasonStore]
    case .clock: reason = strings[.reasonClock]
    case nil: return nil
    }
    return strings(.previewPrinterDown, ["reason": reason])
  }

  private func documentDetail(_ document: DocumentSummary) -> String {
    let left: String =
      document.isCard
      ? strings[.documentCard]
      : document.printsLeft == 0
        ? strings[.documentNoPrints]
        : strings(.documentPrintsLeft, ["count": String(document.printsLeft)])
    let holder = strings(
      .documentHolder,
      ["holder": document.holderMasked, "date": strings.date(document.readySince)])
    return holder + "\n" + left
  }

  mutating func documentRefused(_ refusal: DocumentRefusal) {
    let (title, sentence, kind, icon, code): (String, String, NoticeKind, Icon, String?) =
      switch refusal {
      case .changed(let code):
        (strings[.refusedChangedTitle], strings[.refusedChanged], .danger, .stop, code)
      case .signerUncertain(let code):
        (strings[.refusedUncertainTitle], strings[.refusedUncertain], .warn, .warning, code)
      case .revocationUnknown(let code):
        (strings[.refusedUncertainTitle], strings[.refusedRevocation], .warn, .warning, code)
      case .machineFailed(let code):
        (strings[.refusedMachineTitle], strings[.refusedMachine], .warn, .retry, code)
      case .unreadable(let code):
        (strings[.refusedUnreadableTitle], strings[.refusedUnreadable], .warn, .document, code)
      case .unavailable:
        (strings[.refusedUnavailableTitle], strings[.refusedUnavailable], .warn, .network, nil)
      case .heldElsewhere(let until):
        (
          strings[.refusedHeldTitle],
          until.map { strings(.refusedHeldUntil, ["time": moment($0)]) } ?? strings[.refusedHeld],
          .warn, .network, nil
        )
      case .undecided:
        (strings[.refusedUndecidedTitle], strings[.refusedUndecided], .warn, .warning, nil)
      case .noRightOffline:
        (strings[.refusedNoRightTitle], strings[.refusedNoRight], .warn, .network, nil)
      case .cardOnly(let kind):
        (
          strings(.refusedCardTitle, ["kind": kind]), strings(.refusedCard, ["kind": kind]),
          .info, .idcard, nil
        )
      }
    let back: (Control, String, Icon) =
      switch refusal {
      case .revocationUnknown, .machineFailed, .noRightOffline:
        (.tryAgain, strings[.tryAgain], .retry)
      case .changed, .signerUncertain, .unreadable, .unavailable, .heldElsewhere, .undecided,
        .cardOnly:
        (.tryAgain, strings[.otherDocument], .document)
      }
    message(
      title, sentence, kind, icon: icon, advice: strings[.wayToCounter], code: code,
      buttons: [(.goHome, strings[.goHome], .home), back])
  }

  mutating func preview(_ preview: Preview) {
    let document = preview.document
    var (head, body, buttons) = zones.page(titleHeight: 170)
    if zones.isLandscape { head.height = 230 }
    heading(
      strings[.previewTitle],
      strings(.previewHolder, ["kind": document.kind, "holder": document.holderMasked]),
      step: strings(.entryStepPrint, ["step": "4"]), in: head)

    button(
      .print,
      preview.pageCount == 1
        ? strings[.previewPrintOne]
        : strings(.previewPrint, ["count": String(preview.pageCount)]),
      icon: .printer, buttons, kind: .primary, size: .title)
    let line = body.cutBottom(zones.isLandscape ? 84 : 110, gap: 12)
    if let words = printObstacle {
      notice(words, .warn, in: line)
    } else {
      let left = strings(.previewLeft, ["count": String(document.printsLeft)])
      text(
        "\(strings[.previewBlurred]) \(left)", in: line, .note, color: theme.muted,
        vertical: .middle)
    }

    // The sheet on the left at its own proportions, the seal and the hold button beside it.
    let sideWidth =
      zones.isLandscape ? body.width : max(body.width * 43 / 100, 392)
    let room =
      zones.isLandscape
      ? Rect(
        x: zones.info.x, y: head.maxY + 16, width: zones.info.width,
        height: zones.info.maxY - head.maxY - 16)
      : Rect(x: body.x, y: body.y, width: body.width - sideWidth - 24, height: body.height)
    let sheet = fitSheet(preview, in: room)
    draw(
      boxCommand(sheet, radius: 6, fill: Color(0xFFFFFF), stroke: theme.line, width: 3),
      .bitmap(
        preview.bitmap, width: preview.width, height: preview.height, device(sheet.inset(by: 4)),
        blurred: !preview.revealed))
    var side = Rect(
      x: body.maxX - sideWidth, y: body.y, width: sideWidth, height: body.height)
    if zones.isLandscape {
      let columns = side.columns(5)
      var tools = Rect(
        x: columns[3].x, y: side.y, width: side.maxX - columns[3].x, height: side.height)
      side.width = columns[2].maxX - side.x
      let hold = tools.cutBottom(preview.cardPhoto == nil ? 220 : 150)
      stacked(.revealPreview, strings[.previewHold], icon: .eye, hold, role: .hold, size: .body)
      if let photo = preview.cardPhoto { cardPhoto(photo, in: tools) }
    } else {
      let hold = side.cutBottom(max(Zones.control, min(190, side.height / 4)))
      stacked(.revealPreview, strings[.previewHold], icon: .eye, hold, role: .hold, size: .body)
      if let photo = preview.cardPhoto {
        // Several names need room, too.
        let high = preview.coSigners.isEmpty ? 230 : 150
        cardPhoto(photo, in: side.cutBottom(min(high, side.height / 3)))
      }
    }
    seal(preview, in: side)
  }

  private mutating func cardPhoto(_ photo: SecretHandle, in area: Rect) {
    var area = area
    let caption = area.cutBottom(min(64, area.height / 3), gap: 4)
    let width = area.height * 3 / 4
    draw(
      .photo(
        photo,
        device(
          Rect(
            x: area.x + (area.width - width) / 2, y: area.y, width: width, height: area.height))))
    text(
      strings[.previewCardPhoto], in: caption, .caption, color: theme.muted, align: .center,
      vertical: .middle)
  }

  private func fitSheet(_ preview: Preview, in room: Rect) -> Rect {
    let wide = max(1, preview.width)
    let high = max(1, preview.height)
    var width = room.width
    var height = width * high / wide
    if height > room.height {
      height = room.height
      width = height * wide / high
    }
    return Rect(
      x: room.x + (room.width - width) / 2, y: room.y, width: width, height: height)
  }

  private mutating func seal(_ preview: Preview, in box: Rect) {
    draw(boxCommand(box, fill: theme.okGround, stroke: theme.ok, width: 4))
    var room = box.inset(26, 18)
    let size = min(96, room.height / 4)
    let place = room.cutTop(size)
    draw(
      iconCommand(.shield, center: place.x + size / 2, place.y + size / 2, size: size, theme.ok))
    text(
      strings[.sealValid],
      in: Rect(
        x: place.x + size + 16, y: place.y + (size - 60) / 2, width: place.width - size - 16,
        height: min(60, size)),
      .subtitle, face: .bold, color: theme.ok, vertical: .middle)
    room.cutTop(12)
    // Who signed is worth more room than that it fits.
    let share = zones.isLandscape ? 26 : 22
    let matches = Rect(
      x: room.x, y: room.y, width: room.width, height: room.height * share / 100)
    let bottom = text(strings[.sealMatches], in: matches, .note, color: theme.ok)
    room.cutTop(bottom - room.y + 12)
    text(sealLines(preview), in: room, .note, color: theme.ink)
  }

  /// Who signed, for which office, when, and who signed before.
  private func sealLines(_ preview: Preview) -> String {
    let signer = preview.signer
    var lines = strings(.sealSigner, ["signer": signer.commonName])
    if let title = signer.title { lines += ", \(title)" }
    // A genuine signature of another office is genuine, too.
    func office(_ signer: VerificationReport.Signer) -> String {
      [signer.organizationalUnit, signer.organization].compactMap { $0 }
        .joined(separator: ", ")
    }
    if !office(signer).isEmpty { lines += "\n" + office(signer) }
    if let proven = signer.provenTime {
      let local = LocalTime(Timestamp(seconds: proven), in: state.office.zone)
      lines +=
        "\n"
        + strings(
          .sealTime,
          [
            "date": strings.date(local.date),
            "time": "\(strings.clock(local.time)) \(state.office.zone.rawValue)",
          ])
    }
    let others = preview.coSigners.map {
      office($0) == office(signer) ? $0.commonName : "\($0.commonName) (\(office($0)))"
    }
    if !others.isEmpty {
      lines += "\n" + strings(.sealCoSigners, ["signers": others.joined(separator: "; ")])
    }
    return lines
  }
}
