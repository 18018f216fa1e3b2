import Journey
import OfficeModel
import SensitiveMemory
import Testing

@Suite struct JourneyTests {
  @Test("a session begins on leaving attract and ends with everything forgotten")
  func session() {
    var player = Player()
    #expect(player.state.session == nil)
    player.tap(.start)
    let session = player.state.session
    #expect(session != nil)
    player.tap(.contrast, .textSize, .language, .chooseLanguage("en"))
    #expect(player.state.preferences.language == "en")
    player.tap(.printDocument)
    player.type(3)
    player.tap(.finish)
    #expect(player.state.screen == .attract)
    #expect(player.state.preferences == Preferences(language: "id"))
    #expect(session.map { player.last.contains(.endSession($0)) } ?? false)
  }

  @Test("a double tap on the lane issues one ticket")
  func doubleTap() {
    var player = Player()
    player.tap(.start, .takeNumber, .service("service-0"), .continue)
    player.tap(.lane(.general), .lane(.general), .lane(.priority))
    let orders = player.effects.filter { if case .issueTicket = $0 { true } else { false } }
    #expect(orders.count == 1)
    player.answer(.ticketIssued(Invented.ticket, wait: Invented.wait))
    player.answer(.ticketIssued(Invented.ticket, wait: Invented.wait))
    let prints = player.effects.filter { if case .printTicket = $0 { true } else { false } }
    #expect(prints.count == 1)
  }

  @Test("a service that asks for a NIK gets its sixteen digits and not one more")
  func limit() {
    var player = Player()
    player.tap(.start, .takeNumber, .service("service-1"), .continue, .lane(.priority))
    player.type(20)
    #expect(player.state.screen.name == "ticketIdentity")
    let typed = player.effects.filter {
      if case .secret(.append) = $0 { true } else { false }
    }
    #expect(typed.count == 16)
    player.tap(.continue)
    #expect(player.state.screen == .issuingTicket)
  }

  @Test("the number stays when its paper fails, and can be printed again")
  func ticketPaper() {
    var player = Player()
    player.tap(.start, .takeNumber, .service("service-0"), .continue, .lane(.general))
    player.answer(.ticketIssued(Invented.ticket, wait: nil))
    #expect(!Journey.accepts(.retryTicketPaper, in: player.state))
    player.answer(.ticketPaper(ticketID: "t-1", .failed(.mediaEmpty)))
    player.tap(.retryTicketPaper)
    #expect(player.last.contains { if case .printTicket = $0 { true } else { false } })
    player.answer(.ticketPaper(ticketID: "t-1", .printed))
    player.idle(.seconds(21))
    #expect(player.state.screen == .attract)
  }

  @Test("a printed document leads to paper, survey, thanks and a wiped screen")
  func printing() {
    var player = Player()
    player.reachDocuments()
    #expect(player.state.secrets.isEmpty, "NIK and PIN are not needed any more")
    player.tap(.goHome, .finish)
    player.reachPrinting()
    #expect(player.last.contains(.secret(.wipe(SecretHandle(id: 1 << 33)))))
    player.tap(.finish, .back, .goHome)
    #expect(player.state.screen.name == "printing")
    player.idle(.seconds(600))
    #expect(player.state.screen.name == "printing")
    player.answer(.print(.held(.mediaEmpty)))
    #expect(Journey.accepts(.cancelPrint, in: player.state))
    player.answer(.print(.printing))
    player.answer(.printEnded(.delivered, fault: nil))
    #expect(player.state.screen == .takePaper(sheets: 1))
    #expect(player.state.secrets.isEmpty)
    player.tap(.paperTaken, .score(4))
    #expect(player.state.screen == .thanks)
    player.idle(.seconds(9))
    #expect(player.state.screen == .attract)
  }

  @Test("paper nobody takes calls staff before the session ends")
  func paperLeft() {
    var player = Player()
    player.reachPrinting()
    player.answer(.printEnded(.delivered, fault: nil))
    player.effects = []
    player.idle(.seconds(61))
    #expect(player.state.screen == .attract)
    let reminders = player.effects.filter { $0 == .play(.attention) }
    #expect(reminders.count == 6)
    let call = player.effects.firstIndex {
      if case .callStaff = $0 { true } else { false }
    }
    let end = player.effects.firstIndex { if case .endSession = $0 { true } else { false } }
    #expect(call != nil && end != nil && (call ?? 0) < (end ?? 0))
  }

  @Test("a document that is refused just before printing is told in the words of its refusal")
  func refusedBeforePrinting() {
    for refusal in [
      DocumentRefusal.changed(code: "changed_before_print"),
      .machineFailed(code: "helper_timeout"),
    ] {
      var player = Player()
      player.reachPrinting()
      player.answer(.documentRefused(refusal))
      player.answer(.printEnded(.notPrinted, fault: nil))
      #expect(player.state.screen == .documentRefused(refusal))
      player.tap(.tryAgain)
      #expect(player.state.screen.name == "documents")
    }
    // A right that is used up says nothing about the document.
    var player = Player()
    player.reachPrinting()
    player.answer(.documentRefused(.unavailable))
    player.answer(.printEnded(.notPrinted, fault: nil))
    #expect(player.state.screen == .printFailed(.notPrinted(nil)))
  }

  @Test("an unknown end goes to the counter; nothing printed can be tried again")
  func printFailures() {
    var player = Player()
    player.reachPrinting()
    player.answer(.printEnded(.notPrinted, fault: .mediaJam))
    #expect(player.state.screen == .printFailed(.notPrinted(.mediaJam)))
    player.tap(.tryAgain)
    #expect(player.state.screen.name == "documents")
    player.tap(.document("d1"))
    player.answer(.documentReady(Invented.preview(Invented.document("d1"), bitmap: 1 << 34)))
    player.tap(.print)
    player.answer(.printEnded(.unknown, fault: nil))
    #expect(player.state.screen == .printFailed(.unknown))
    #expect(!Journey.accepts(.tryAgain, in: player.state))
    #expect(player.state.secrets.isEmpty)
  }

  @Test("a wrong PIN asks again with tries left, the NIK kept and the PIN wiped")
  func wrongPIN() {
    var player = Player()
    player.reachPIN()
    let pin = player.state.secrets.last
    player.type(6)
    player.tap(.continue)
    player.answer(.credentialRefused(.wrong(triesLeft: 2)))
    guard case .printPIN(_, let entry, let tries) = player.state.screen else {
      Issue.record("expected the PIN again")
      return
    }
    #expect(tries == 2)
    #expect(entry.count == 0)
    #expect(pin.map { player.last.contains(.secret(.wipe($0))) } ?? false)
    player.type(6)
    player.tap(.continue)
    player.answer(.credentialRefused(.wrong(triesLeft: 0)))
    #expect(player.state.screen == .credentialRefused(.wrong(triesLeft: 0)))
    #expect(player.state.secrets.isEmpty)
  }

  @Test("a NIK in doubt brings its entry back with the digits kept")
  func doubtfulNIK() {
    var player = Player()
    player.reachPIN()
    player.type(2)
    player.answer(.entryRefused(.form(group: 1)))
    guard case .printNIK(let entry) = player.state.screen else {
      Issue.record("expected the NIK again")
      return
    }
    #expect(entry.count == 16)
    #expect(entry.problem == .form(group: 1))
    #expect(player.state.secrets == [entry.secret])
    player.tap(.back)
    #expect(player.state.screen == .home)
  }

  @Test("late answers of another session change nothing and what they bring is wiped")
  func lateAnswers() {
    var player = Player()
    player.reachDocuments()
    player.tap(.document("d1"))
    guard let old = player.state.session else { return }
    player.tap(.finish, .start)
    let before = player.state
    let preview = Invented.preview(Invented.document("d1"), bitmap: 1 << 35)
    player.act(.answer(old, .documentReady(preview)))
    player.act(.answer(old, .cardPhoto(SecretHandle(id: 1 << 36), request: 0)))
    #expect(player.state == before)
    #expect(player.effects.contains(.secret(.wipe(SecretHandle(id: 1 << 35)))))
    #expect(player.effects.contains(.secret(.wipe(SecretHandle(id: 1 << 36)))))
  }

  @Test("an idle screen asks, waits, and a touch keeps the session")
  func stillHere() {
    var player = Player()
    player.tap(.start, .checkStatus)
    player.act(.hold(.revealDigits, isDown: true))
    player.idle(.seconds(60))
    #expect(player.state.stillHereUntil != nil)
    #expect(player.state.countdown == 30)
    player.tap(.digit(1))
    #expect(player.state.stillHereUntil == nil, "any touch says that somebody is there")
    player.idle(.seconds(60))
    player.tap(.stillHere)
    #expect(player.state.screen.name == "statusRegistration")
    player.idle(.seconds(89))
    #expect(player.state.session != nil)
    player.idle(.seconds(2))
    #expect(player.state.screen == .attract)
  }

  @Test("a card is noticed without a session and its photo is shown only after the PIN")
  func card() {
    var player = Player()
    player.act(.facts(.card(.present(.ktpEl))))
    #expect(player.state.screen == .attract)
    #expect(!player.effects.contains { if case .readCardPhoto = $0 { true } else { false } })
    player.reachDocuments()
    player.tap(.document("d1"))
    player.answer(.documentReady(Invented.preview(Invented.document("d1"), bitmap: 1 << 33)))
    #expect(player.photoAsked != nil)
    player.answer(.cardPhoto(SecretHandle(id: 1 << 34), request: player.photoAsked ?? 0))
    #expect(player.cardPhoto == SecretHandle(id: 1 << 34))
    player.act(.facts(.card(.empty)))
    #expect(player.cardPhoto == nil)
    #expect(player.last.contains(.secret(.wipe(SecretHandle(id: 1 << 34)))))
  }

  @Test(
    "a photo that comes late is never shown under the next card",
    arguments: [
      [.present(.unread), .present(.ktpEl)], [.empty, .present(.unread), .present(.ktpEl)],
      [.present(.mute), .present(.ktpEl)], [.serviceGone, .empty, .present(.ktpEl)],
    ] as [[CardReading]])
  func latePhoto(meanwhile: [CardReading]) throws {
    var player = Player()
    player.reachDocuments()
    player.act(.facts(.card(.present(.ktpEl))))
    player.tap(.document("d1"))
    player.answer(.documentReady(Invented.preview(Invented.document("d1"), bitmap: 1 << 33)))
    let first = try #require(player.photoAsked)
    for reading in meanwhile { player.act(.facts(.card(reading))) }
    let second = try #require(player.photoAsked)
    let (late, own) = (SecretHandle(id: 1 << 34), SecretHandle(id: 1 << 35))
    player.answer(.cardPhoto(late, request: first))
    #expect(player.cardPhoto == nil)
    #expect(player.last == [.secret(.wipe(late))])
    player.answer(.cardPhoto(own, request: second))
    #expect(player.cardPhoto == own)
    // Nor does one that comes later still take its place.
    player.answer(.cardPhoto(late, request: first))
    #expect(player.cardPhoto == own && player.last == [.secret(.wipe(late))])
  }

  @Test("a scanned payload is checked where a credential is asked and wiped elsewhere")
  func scanning() {
    var player = Player()
    player.act(.scanned(SecretHandle(id: 1 << 33)))
    #expect(player.state.screen == .checkingCredential)
    player.answer(.credentialRefused(.expired))
    player.act(.scanned(SecretHandle(id: 1 << 34)))
    #expect(player.last == [.secret(.wipe(SecretHandle(id: 1 << 34)))])
  }

  @Test("out of service waits for the citizen who is being served")
  func outOfService() {
    var player = Player()
    player.reachPrinting()
    player.act(.facts(.outOfService(reason: "listrik")))
    #expect(player.state.screen.name == "printing")
    player.answer(.printEnded(.delivered, fault: nil))
    player.tap(.paperTaken, .skip, .finish)
    #expect(player.state.screen == .outOfService(reason: "listrik"))
    player.act(.facts(.outOfService(reason: nil)))
    #expect(player.state.screen == .attract)
  }

  @Test("what the office tells anew changes nothing under a citizen's finger")
  func officeNews() {
    var player = Player()
    let services = Array(Invented.office(services: 3).services.dropFirst())
    let facts = OfficeFacts(services: services, openingHours: ["Sabtu 08.00–11.00"])
    player.tap(.start)
    player.act(.facts(.office(facts)))
    #expect(player.state.office == Invented.office())
    player.idle(.seconds(600))
    #expect(player.state.session == nil)
    #expect(player.state.office.services == services)
    #expect(player.state.office.openingHours == ["Sabtu 08.00–11.00"])
    player.act(.facts(.office(OfficeFacts(services: [], openingHours: []))))
    #expect(player.state.office.services.isEmpty)
  }

  @Test("staff can be called while something is being done, without leaving it")
  func staffWhileWorking() {
    var player = Player()
    player.reachPIN()
    player.type(6)
    player.tap(.continue, .callStaff)
    #expect(player.state.screen == .checkingCredential)
    #expect(player.state.staffCall == .asking)
    player.answer(.staffCalled(true))
    #expect(player.state.staffCall == .called)
    player.answer(.credentialAccepted([]))
    #expect(player.state.staffCall == nil)
    player.tap(.callStaff)
    #expect(player.state.screen == .help(.asking))
    player.tap(.back)
    #expect(player.state.screen == .documents([], page: 0))
  }

  @Test(
    "whatever keeps the printer from printing is known before a PIN is asked for, and lifts again",
    arguments: DeviceFault.allCases)
  func everyObstacle(_ fault: DeviceFault) {
    var player = Player()
    player.tap(.start)
    player.act(.facts(.documentPrinter(.down(fault))))
    #expect(Journey.obstacle(to: .printDocument, in: player.state) == .printer(fault))
    player.tap(.printDocument)
    #expect(player.state.screen == .home)
    // A warning and a status that cannot be read keep nobody from printing.
    for fact in [DeviceFact.attention(fault), .unknown, .ready] {
      player.act(.facts(.documentPrinter(fact)))
      #expect(Journey.obstacle(to: .printDocument, in: player.state) == nil)
    }
  }

  @Test(
    "while a document prints a fault is shown, and its end, and the citizen keeps the place",
    arguments: DeviceFault.allCases)
  func everyHold(_ fault: DeviceFault) {
    var player = Player()
    player.reachPrinting()
    player.answer(.printsAt(place: "sebelah kiri"))
    guard case .printing(let before) = player.state.screen else {
      return #expect(Bool(false), "not printing")
    }
    #expect(before.place == "sebelah kiri")
    player.answer(.print(.held(fault)))
    player.act(.facts(.documentPrinter(.down(fault))))
    player.idle(.seconds(300))
    var held = before
    held.stage = .held(fault)
    #expect(player.state.screen == .printing(held))
    player.act(.facts(.documentPrinter(.ready)))
    player.answer(.print(.printing))
    player.answer(.printEnded(.delivered, fault: nil))
    #expect(player.state.screen == .takePaper(sheets: 1, place: "sebelah kiri"))
  }

  @Test("a printer that is down greys its tile")
  func obstacle() {
    var player = Player()
    player.tap(.start)
    player.act(.facts(.documentPrinter(.down(.mediaEmpty))))
    #expect(Journey.obstacle(to: .printDocument, in: player.state) == .printer(.mediaEmpty))
    player.tap(.printDocument)
    #expect(player.state.screen == .home)
  }
}
