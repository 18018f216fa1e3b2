internal import Journey

extension Canvas {
  mutating func home() {
    var info = zones.info
    if zones.isLandscape {
      text(strings[.homeTitle], in: info.cutTop(160), .title, face: .bold)
      info.cutTop(8)
    } else {
      let title = info.cutBottom(
        min(info.height / 3, TextRole.title.pixels(state.preferences.textSize) * 3 / 2), gap: 12)
      text(strings[.homeTitle], in: title, .title, face: .bold, vertical: .middle)
    }
    if zones.lowReach {
      let line = strings[.homeLowReach]
      notice(
        line, .info, icon: .wheelchair,
        in: info.cutBottom(noticeHeight(line, width: info.width, atMost: 200), gap: 16))
    }
    if let (line, kind, icon) = cardStrip() {
      let high = noticeHeight(line, width: info.width, atMost: min(280, info.height))
      notice(line, kind, icon: icon, in: info.cutTop(high))
      info.cutTop(16)
    }
    nowServing(in: info)

    let tiles: [(Control, StringKey, Icon)] = [
      (.takeNumber, .tileTakeNumber, .ticket), (.printDocument, .tilePrint, .printer),
      (.checkStatus, .tileStatus, .search), (.requirements, .tileRequirements, .checklist),
      (.complaints, .tileComplaints, .complaint), (.rate, .tileRate, .star),
    ]
    let columns = zones.isLandscape ? 3 : 2
    let rows = zones.content.rows(tiles.count / columns, gap: zones.lowReach ? 16 : 24)
    uniformly { canvas in
      for (index, (control, key, icon)) in tiles.enumerated() {
        let rect = rows[index / columns].columns(columns)[index % columns]
        canvas.tile(
          control, number: index + 1, canvas.strings[key], detail: canvas.reason(against: control),
          icon: icon, rect, kind: index < 2 ? .primary : .secondary)
      }
    }
  }

  /// Why a tile is grey, in words.
  private func reason(against control: Control) -> String? {
    switch Journey.obstacle(to: control, in: state) {
    case .printer(let fault): strings(.obstaclePrinter, ["reason": faultWords(fault)])
    case .noPrinter: strings[.obstacleNoPrinter]
    case .store: strings[.obstacleStore]
    case .clock: strings[.obstacleClock]
    case nil: nil
    }
  }

  mutating func languages() {
    heading(strings[.languagesTitle], in: zones.info)
    let codes = Array(state.office.languages.prefix(6))
    let high = min(200, (zones.content.height - 16 * (codes.count - 1)) / max(1, codes.count))
    var area = zones.content
    for code in codes {
      button(
        .chooseLanguage(code), strings.name(ofLanguage: code), icon: .globe, area.cutTop(high),
        kind: code == state.preferences.language ? .primary : .secondary, size: .title)
      area.cutTop(16)
    }
  }
}
