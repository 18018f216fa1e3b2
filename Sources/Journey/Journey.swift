public import OfficeModel
internal import SensitiveMemory

/// The rules of a citizen's session: one state, one action, what follows from it. Pure: no clock, no
/// chance, no device; the same actions always give the same state and effects.
public enum Journey {
  /// Takes one action into the state and says what the outside shall do. Never fails: an action
  /// that does not fit the screen changes nothing but the time.
  public static func reduce(
    into state: inout JourneyState, _ action: Action, at moment: Moment
  ) -> [Effect] {
    var turn = Turn(state: state)
    // A clock that went back must not lengthen anybody's session.
    turn.state.now = Moment(
      wall: moment.wall, uptime: max(moment.uptime, state.now.uptime))
    turn.take(action)
    state = turn.state
    assertInvariants(state)
    return turn.effects
  }

  private static func assertInvariants(_ state: JourneyState) {
    assert((state.session == nil) == state.screen.isOutsideSession, "a session has a screen")
    assert(state.session != nil || state.secrets.isEmpty, "no secret outlives its session")
    assert(state.session != nil || state.trail.isEmpty, "no way back into an ended session")
    assert(
      state.session != nil || state.stillHereUntil == nil, "nobody is asked when nobody is here")
    assert(state.trail.count <= JourneyLimits.depth, "the way back is short")
    assert(state.secrets.count <= JourneyLimits.secrets, "few secrets at a time")
    assert(!state.screen.isPrinting || state.stillHereUntil == nil, "paper moves without questions")
  }
}

extension Screen {
  var isOutsideSession: Bool {
    switch self {
    case .attract, .outOfService: true
    default: false
    }
  }

  var isPrinting: Bool { if case .printing = self { true } else { false } }

  /// Waits for an answer of the outside; leaving it would let that answer meet another question.
  var isWorking: Bool {
    switch self {
    case .issuingTicket, .statusSearching, .checkingCredential, .verifying, .staffWorking: true
    default: false
    }
  }

  var entry: Entry? {
    get {
      switch self {
      case .ticketIdentity(_, _, let entry), .statusRegistration(let entry),
        .statusNIK(_, let entry), .printNIK(let entry), .printPIN(_, let entry, _),
        .staffPIN(let entry, _), .staff(.clockEntry(let entry), _),
        .staff(.paperEntry(_, let entry), _):
        entry
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .ticketIdentity(let service, let lane, _):
        self = .ticketIdentity(serviceID: service, lane: lane, entry: newValue)
      case .statusRegistration: self = .statusRegistration(newValue)
      case .statusNIK(let registration, _):
        self = .statusNIK(registration: registration, entry: newValue)
      case .printNIK: self = .printNIK(newValue)
      case .printPIN(let nik, _, let tries):
        self = .printPIN(nik: nik, entry: newValue, triesLeft: tries)
      case .staffPIN(_, let refusal): self = .staffPIN(newValue, refusal)
      case .staff(.clockEntry, let overview): self = .staff(.clockEntry(newValue), overview)
      case .staff(.paperEntry(let printer, _), let overview):
        self = .staff(.paperEntry(printer: printer, newValue), overview)
      default: break
      }
    }
  }

  /// The secrets that belong to this screen alone.
  var ownSecrets: [SecretHandle] {
    if let entry { return [entry.secret] }
    if case .preview(let preview) = self {
      return [preview.bitmap] + (preview.cardPhoto.map { [$0] } ?? [])
    }
    return []
  }
}
