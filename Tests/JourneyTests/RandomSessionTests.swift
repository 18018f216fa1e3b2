import Journey
import OfficeModel
import SensitiveMemory
import Testing

/// Sessions that no designer would think of, from a seed.
@Suite struct RandomSessionTests {
  /// SplitMix64: the same seed gives the same lobby on every machine.
  struct Chance {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
  }

  static let controls: [Control] =
    [
      .back, .finish, .language, .textSize, .contrast, .sound, .lowReach, .callStaff, .start,
      .takeNumber, .printDocument, .checkStatus, .requirements, .complaints, .rate,
      .chooseLanguage("id"), .chooseLanguage("en"), .chooseLanguage("xx"), .service("service-0"),
      .service("service-1"), .service("service-7"), .service("none"), .lane(.general),
      .lane(.priority), .deleteDigit, .clearDigits, .continue, .nextPage, .previousPage,
      .document("d1"), .document("d2"), .document("d3"), .print, .cancelPrint, .paperTaken,
      .paperMissing, .retryTicketPaper, .score(1), .score(4), .score(9), .skip, .stillHere,
      .goHome, .tryAgain, .aboutCard, .complain, .complaintKind(.fee), .complaintKind(.other),
    ] + (0...10).map { .digit($0) }

  static func answer(
    _ chance: inout Chance, _ bulk: inout UInt64, request: UInt64
  ) -> Answer {
    bulk += 1
    let documents = [
      Invented.document("d1"), Invented.document("d2", isCard: true),
      Invented.document("d3", prints: 0),
    ]
    switch chance.below(22) {
    case 0:
      return .ticketIssued(
        Invented.ticket,
        wait: WaitEstimate(
          waiting: chance.below(9), secondsPerCall: 60, asOf: Invented.ticket.issuedAt))
    case 1: return .ticketRefused(.quotaUsedUp)
    case 2: return .ticketPaper(ticketID: "t-1", .printed)
    case 3: return .ticketPaper(ticketID: "t-1", .failed(.mediaEmpty))
    case 4: return .entryRefused(.form(group: chance.below(4)))
    case 5: return .status(.found(Invented.status, syncedAt: nil))
    case 6: return .status(.notFound(syncedAt: nil))
    case 7: return .credentialAccepted(documents)
    case 8: return .credentialRefused(.wrong(triesLeft: chance.below(3)))
    case 9: return .credentialRefused(.serverUnreachable)
    case 10, 11: return .documentReady(Invented.preview(documents[0], bitmap: bulk))
    case 12: return .documentRefused(.changed(code: "modified_after_signing"))
    case 13: return .cardPhoto(SecretHandle(id: bulk), request: request)
    case 14: return .print(chance.pick([.sending, .printing, .held(.mediaJam)]))
    case 15: return .printEnded(chance.pick([.delivered, .notPrinted, .unknown]), fault: nil)
    case 16: return .surveyStored(true)
    case 17: return .complaintFiled(Invented.complaint)
    case 18: return .complaintNotFiled
    case 19: return .complaintPaper(complaintID: "c-1", .printed)
    case 20: return .complaintPaper(complaintID: "c-1", .failed(.mediaEmpty))
    default: return .staffCalled(chance.below(2) == 0)
    }
  }

  static func fact(_ chance: inout Chance) -> FactsChange {
    switch chance.below(7) {
    case 0: .documentPrinter(chance.pick([.ready, .ready, .down(.mediaEmpty), .unknown]))
    case 1: .ticketPrinter(chance.pick([.ready, .down(.offline)]))
    case 2: .card(chance.pick([.empty, .present(.ktpEl), .present(.unread), .noReader]))
    case 3: .server(reachable: chance.below(2) == 0)
    case 4: .store(writable: chance.below(8) > 0)
    case 5: .outOfService(reason: chance.below(20) == 0 ? "contoh" : nil)
    default: .nowServing([])
    }
  }

  /// What a vault would hold, played from the effects.
  struct Vault {
    var alive: Set<UInt64> = []
    mutating func apply(_ effects: [Effect]) {
      for effect in effects {
        switch effect {
        case .secret(.append(let byte, let to)):
          #expect((48...57).contains(byte))
          alive.insert(to.id)
        case .secret(.wipe(let handle)): alive.remove(handle.id)
        case .endSession: alive.removeAll()
        default: break
        }
      }
    }
  }

  @Test(
    "100,000 random actions never trap, never leak a secret, always find the way home",
    arguments: [1, 20_261_120] as [UInt64])
  func randomActions(seed: UInt64) {
    var chance = Chance(state: seed)
    var player = Player()
    var vault = Vault()
    var bulk: UInt64 = 1 << 40
    var screens: Set<String> = []
    var orders: [SessionID: Int] = [:]

    for step in 0..<100_000 {
      player.effects = []
      player.wait(.milliseconds(chance.below(chance.below(50) == 0 ? 40_000 : 900)))
      switch chance.below(20) {
      case 0: player.act(.touchedNothing)
      case 1: player.act(.facts(Self.fact(&chance)))
      case 2: player.act(.deadline)
      case 3:
        player.act(
          .hold(chance.pick([.revealDigits, .revealPreview]), isDown: chance.below(2) == 0))
      case 4 where chance.below(6) == 0:
        bulk += 1
        vault.alive.insert(bulk)
        player.act(.scanned(SecretHandle(id: bulk)))
      case 5...8:
        // Every other photo is one that was asked for before.
        let request = player.state.cardPhotoRequest &- (bulk & 1)
        let answer = Self.answer(&chance, &bulk, request: request)
        // Mostly the session that runs, at times one that is long over.
        let current = player.state.session?.value ?? 0
        let session = SessionID(chance.below(8) == 0 ? current / 2 : current)
        switch answer {
        case .documentReady(let preview): vault.alive.insert(preview.bitmap.id)
        case .cardPhoto(let photo?, _): vault.alive.insert(photo.id)
        default: break
        }
        player.act(.answer(session, answer))
      case 9...13
      where player.state.screen.name.hasSuffix("NIK")
        || player.state.screen.name.hasSuffix("PIN"):
        player.tap(.digit(UInt8(chance.below(10))), .digit(3), .digit(5), .continue)
      default:
        let accepted = Self.controls.filter { Journey.accepts($0, in: player.state) }
        // Finishing at every third touch would never see the deeper screens.
        let wanted = accepted.filter { $0 != .finish && $0 != .back }
        if chance.below(4) > 0, !wanted.isEmpty {
          player.tap(chance.pick(wanted))
        } else {
          player.tap(chance.pick(Self.controls))
        }
      }
      vault.apply(player.effects)
      for effect in player.effects {
        if case .issueTicket(let session, _) = effect { orders[session, default: 0] += 1 }
      }
      screens.insert(player.state.screen.name)
      if player.state.session == nil {
        #expect(vault.alive.isEmpty, "step \(step): a secret outlived its session")
        #expect(player.state.preferences == Preferences(language: "id"))
      }
      let owned = Set(player.state.secrets.map(\.id))
      #expect(vault.alive.isSubset(of: owned), "step \(step): a secret nobody owns")
      if !vault.alive.isSubset(of: owned) { return }
      if let next = player.state.nextDeadline {
        let ahead = next.since(player.state.now.uptime)
        #expect(ahead <= .seconds(60), "the clock never waits longer than its minute")
      }
      if step % 250 == 0 { checkWayHome(player) }
    }
    let all: Set<String> = [
      "attract", "home", "languages", "serviceList", "requirements", "lane", "ticketIdentity",
      "issuingTicket", "ticket", "ticketRefused", "statusRegistration", "statusNIK",
      "statusSearching", "statusResult", "printNIK", "printPIN", "checkingCredential",
      "credentialRefused", "documents", "verifying", "documentRefused", "preview", "printing",
      "takePaper", "printFailed", "survey", "thanks", "cardInfo", "complaints",
      "complaintKinds", "filingComplaint", "complaint", "complaintRefused", "help",
      "outOfService",
    ]
    #expect(all.subtracting(screens) == [], "screens the walk never saw")
  }

  /// Left alone, every session comes back to attract by itself; only paper that moves is awaited.
  func checkWayHome(_ player: Player) {
    var player = player
    if player.state.screen.name == "printing" {
      player.answer(.printEnded(.unknown, fault: nil))
    }
    player.idle(.seconds(300))
    #expect(["attract", "outOfService"].contains(player.state.screen.name))
  }

  @Test("time alone always makes progress: a deadline that came lies behind")
  func progress() {
    var player = Player()
    player.reachDocuments()
    var steps = 0
    while player.state.session != nil, steps < 1000 {
      guard let next = player.state.nextDeadline else { break }
      player.wait(next.since(player.moment.uptime))
      player.act(.deadline)
      #expect((player.state.nextDeadline ?? .zero) > player.state.now.uptime)
      steps += 1
    }
    #expect(player.state.session == nil)
    #expect(steps < 60)
  }
}
