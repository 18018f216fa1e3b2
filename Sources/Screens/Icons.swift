/// The icons of the glass, each drawn in `Assets/icons/<name>.svg`.
extension Icon: CaseIterable {
  static let ticket = Icon("ticket")
  static let printer = Icon("printer")
  static let search = Icon("search")
  static let checklist = Icon("checklist")
  static let complaint = Icon("complaint")
  static let star = Icon("star")
  static let globe = Icon("globe")
  static let textsize = Icon("textsize")
  static let contrast = Icon("contrast")
  static let sound = Icon("sound")
  static let soundoff = Icon("soundoff")
  static let wheelchair = Icon("wheelchair")
  static let staff = Icon("staff")
  static let back = Icon("back")
  static let next = Icon("next")
  static let close = Icon("close")
  static let check = Icon("check")
  static let delete = Icon("delete")
  static let eye = Icon("eye")
  static let idcard = Icon("idcard")
  static let qr = Icon("qr")
  static let shield = Icon("shield")
  static let warning = Icon("warning")
  static let stop = Icon("stop")
  static let info = Icon("info")
  static let document = Icon("document")
  static let home = Icon("home")
  static let retry = Icon("retry")
  static let hand = Icon("hand")
  static let family = Icon("family")
  static let person = Icon("person")
  static let clock = Icon("clock")
  static let network = Icon("network")
  static let face1 = Icon("face1")
  static let face2 = Icon("face2")
  static let face3 = Icon("face3")
  static let face4 = Icon("face4")
  static let office = Icon("office")
  static let banknote = Icon("banknote")

  public static let allCases: [Icon] = [
    ticket, printer, search, checklist, complaint, star, globe, textsize, contrast, sound,
    soundoff, wheelchair, staff, back, next, close, check, delete, eye, idcard, qr, shield,
    warning, stop, info, document, home, retry, hand, family, person, clock, network, face1,
    face2, face3, face4, office, banknote,
  ]
}
