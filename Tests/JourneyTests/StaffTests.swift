import Journey
import OfficeModel
import SensitiveMemory
import Testing

/// Staff at the glass: the door, the PIN, the questions that only they can answer.
@Suite("Staff at the glass")
struct StaffTests {
  static let overview = StaffOverview(
    clock: .trusted, machineTime: Invented.start.wall,
    prints: (0..<6).map {
      .init(jobKey: "job-\($0)", documentID: "dok-\($0)", at: .init(seconds: 1))
    },
    letters: [.init(kind: "survey", at: .init(seconds: 1), reason: "422 contoh")], waiting: 2,
    oldestWaiting: Timestamp(seconds: 1))

  private func atDoor() -> Player {
    var player = Player()
    player.act(.hold(.staffDoor, isDown: true))
    player.wait(.seconds(3))
    player.act(.deadline)
    return player
  }

  private func inside() -> Player {
    var player = atDoor()
    player.type(6)
    player.tap(.continue)
    player.answer(.staff(.overview(Self.overview, nil)))
    return player
  }

  @Test(
    "Staff say how much paper is in a printer's tray; without a printer there is nothing to say")
  func paper() throws {
    var player = inside()
    player.tap(.staffSupplies)
    #expect(player.state.screen.name == "staffMenu")
    player.act(.facts(.documentPrinters([PrinterReading(name: "utama", fact: .ready)])))
    player.tap(.staffSupplies)
    #expect(player.state.screen.name == "staffSupplies")
    player.tap(.staffPaperFilled("lain"))
    #expect(player.state.screen.name == "staffSupplies")
    player.tap(.staffPaperFilled("utama"))
    guard case .staff(.paperEntry("utama", let entry), _) = player.state.screen else {
      return #expect(Bool(false), "no entry")
    }
    #expect(entry.kind == .sheets && !entry.isComplete)
    player.type(3)
    player.tap(.continue)
    #expect(
      player.effects.last
        == .staff(SessionID(1), .paperFilled(printer: "utama", typed: entry.secret)))
    #expect(player.state.screen == .staffWorking)
    player.answer(.staff(.overview(Self.overview, .paperNoted(sheets: 250))))
    #expect(player.state.screen.name == "staffMenu")
    #expect(player.state.staffNote == .paperNoted(sheets: 250))
    #expect(player.state.secrets.isEmpty)
  }

  @Test("A hand that rests three seconds on the crest comes to the PIN, and the state asks for it")
  func door() {
    var player = Player()
    player.act(.hold(.staffDoor, isDown: true))
    #expect(player.state.nextDeadline == player.moment.uptime.adding(.seconds(3)))
    player.wait(.milliseconds(2999))
    player.act(.deadline)
    #expect(player.state.screen == .attract)
    player.wait(.milliseconds(1))
    player.act(.deadline)
    #expect(player.state.screen.name == "staffPIN")
    #expect(player.state.session != nil)
  }

  @Test("A shorter touch there begins a session like any other")
  func shortTouch() {
    var player = Player()
    player.act(.hold(.staffDoor, isDown: true))
    player.wait(.seconds(2))
    player.act(.hold(.staffDoor, isDown: false))
    #expect(player.state.screen == .home)
    player.wait(.seconds(2))
    player.act(.deadline)
    #expect(player.state.screen == .home)
  }

  @Test("The door opens out of service too, and nowhere within a session")
  func elsewhere() {
    var player = Player()
    player.act(.facts(.outOfService(reason: "contoh")))
    player.act(.hold(.staffDoor, isDown: true))
    player.wait(.seconds(3))
    player.act(.deadline)
    #expect(player.state.screen.name == "staffPIN")
    player.tap(.finish)
    #expect(player.state.screen == .outOfService(reason: "contoh"))

    var citizen = Player()
    citizen.tap(.start)
    citizen.act(.hold(.staffDoor, isDown: true))
    citizen.wait(.seconds(4))
    citizen.act(.deadline)
    #expect(citizen.state.screen == .home)
  }

  @Test("The PIN is asked for once, by its handle, and wiped with the answer")
  func signIn() throws {
    var player = atDoor()
    player.type(6)
    let pin = try #require(player.state.screen.staffPINHandle)
    player.tap(.continue)
    let session = try #require(player.state.session)
    #expect(player.last.contains(.staff(session, .signIn(pin: pin))))
    #expect(player.state.screen == .staffWorking)
    player.tap(.continue)
    #expect(!player.last.contains(.staff(session, .signIn(pin: pin))))
    player.answer(.staff(.refused(.wrong(triesLeft: 3))))
    #expect(player.last.contains(.secret(.wipe(pin))))
    #expect(player.state.screen.name == "staffPIN")
    #expect(player.state.screen.staffPINHandle != pin)
  }

  @Test("Nothing of staff is offered before the answer of the PIN")
  func notBefore() {
    var player = atDoor()
    for control in [
      Control.staffClock, .staffPrints, .staffLetters, .staffDevices, .staffClockRight,
      .staffFinding(.handedOver), .tryAgain,
    ] {
      #expect(!Journey.accepts(control, in: player.state))
    }
    // An answer that nobody asked for opens nothing.
    player.answer(.staff(.overview(Self.overview, nil)))
    #expect(player.state.screen.name == "staffPIN")
  }

  @Test("A print in doubt is settled with what was found")
  func settle() throws {
    var player = inside()
    player.tap(.staffPrints)
    #expect(!Journey.accepts(.staffPrint("job-5"), in: player.state))
    player.tap(.nextPage)
    player.tap(.staffPrint("job-5"))
    #expect(player.state.screen.name == "staffPrint")
    player.tap(.staffFinding(.nothingCameOut))
    let session = try #require(player.state.session)
    #expect(
      player.last.contains(.staff(session, .settle(jobKey: "job-5", .nothingCameOut))))
    player.answer(.staff(.overview(Self.overview, .printSettled)))
    #expect(player.state.screen.name == "staffMenu")
    #expect(player.state.staffNote == .printSettled)
  }

  @Test("Date and time are confirmed as they are, or typed")
  func clock() throws {
    var player = inside()
    let session = try #require(player.state.session)
    player.tap(.staffClock, .staffClockRight)
    #expect(player.last.contains(.staff(session, .confirmMachineClock)))
    player.answer(.staff(.overview(Self.overview, .clockConfirmed)))
    player.tap(.staffClock, .staffClockType)
    player.type(11)
    #expect(!Journey.accepts(.continue, in: player.state))
    player.type(1)
    player.tap(.continue)
    #expect(
      player.last.contains { if case .staff(_, .confirmClock) = $0 { true } else { false } })
  }

  @Test("A machine clock that cannot be right is not offered")
  func noProposal() {
    var player = inside()
    var overview = Self.overview
    overview.machineTime = nil
    player.tap(.staffLetters, .tryAgain)
    player.answer(.staff(.overview(overview, .lettersSent(1))))
    player.tap(.staffClock)
    #expect(!Journey.accepts(.staffClockRight, in: player.state))
    #expect(Journey.accepts(.staffClockType, in: player.state))
  }

  @Test("Staff who go away leave the glass after two minutes and a question")
  func timeOut() {
    var player = inside()
    player.wait(.seconds(120))
    player.act(.deadline)
    #expect(player.state.stillHereUntil != nil)
    player.wait(.seconds(20))
    player.act(.deadline)
    #expect(player.state.screen == .attract)
    #expect(player.state.session == nil)
  }

  @Test("A time that is not trusted closes numbers and prints, and says why")
  func untrusted() {
    var player = Player()
    player.act(.facts(.clock(trusted: false)))
    player.tap(.start)
    #expect(Journey.obstacle(to: .takeNumber, in: player.state) == .clock)
    #expect(Journey.obstacle(to: .printDocument, in: player.state) == .clock)
    #expect(!Journey.accepts(.takeNumber, in: player.state))
    #expect(Journey.accepts(.checkStatus, in: player.state))
    player.act(.facts(.clock(trusted: true)))
    #expect(Journey.accepts(.takeNumber, in: player.state))
  }
}

extension Screen {
  fileprivate var staffPINHandle: SecretHandle? {
    if case .staffPIN(let entry, _) = self { entry.secret } else { nil }
  }
}
