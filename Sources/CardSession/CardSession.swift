public import OfficeModel

/// What lies in one reader, as PC/SC tells it.
public struct ReaderObservation: Sendable, Equatable {
  public enum Slot: Sendable, Equatable {
    case empty
    case card
    /// Present but without an answer to the reset.
    case mute
    /// The reader does not answer (PC/SC: unavailable, unknown).
    case unavailable
  }
  public var reader: String
  public var slot: Slot
  /// PC/SC's counter of insertions and removals: a quick swap of cards shows only here.
  public var eventCount: Int

  public init(reader: String, slot: Slot, eventCount: Int) {
    self.reader = reader
    self.slot = slot
    self.eventCount = eventCount
  }
}

/// One stay of one card in one reader; answers about an earlier stay are recognised by it.
public struct CardStay: Hashable, Sendable {
  public var reader: String
  public var eventCount: Int
  public init(reader: String, eventCount: Int) {
    self.reader = reader
    self.eventCount = eventCount
  }
}

/// Readers and the card in them as a state machine without I/O, time or randomness. The watcher
/// feeds it what PC/SC says and carries out the commands it gives back.
///
/// No reader, empty, present (unread, KTP-el, other, mute, error), service gone. A card that answers
/// with errors again and again, or never, is left alone until it has been taken out and put on again;
/// one that another program has for itself is asked again at every look.
public struct CardSession: Sendable, Equatable {
  public enum Event: Sendable, Equatable {
    /// pcscd is gone, or its context is dead: everything known is void.
    case serviceLost
    /// All readers there are now, in PC/SC's order. Comes at every change.
    case observed([ReaderObservation])
    /// Time has passed, and nothing has changed.
    case tick
    case classified(CardStay, Classification)
  }

  public enum Classification: Sendable, Equatable {
    case ktpEl
    case other
    /// An error or nonsense: worth another try while the card stays.
    case failed
    /// Another program has the card for itself.
    case busy
    /// The call never came back; another try would hang as well.
    case stuck
  }

  public enum Command: Sendable, Equatable {
    case report(CardReading)
    /// Ask the card what it is.
    case classify(CardStay)
  }

  /// A card that fails three times in a row is not going to answer: contacts or field are bad.
  public static let triesLimit = 3

  /// Nil until PC/SC has said anything.
  public private(set) var reading: CardReading?
  /// The card that counts: the first found, until it leaves.
  public private(set) var stay: CardStay?
  private var readers: [ReaderObservation]?
  private var tries = 0
  private var isAsking = false
  /// The card has said what it is.
  private var isSettled = false

  public init() {}

  public mutating func handle(_ event: Event) -> [Command] {
    switch event {
    case .serviceLost:
      forgetCard()
      readers = nil
      return report(.serviceGone)
    case .observed(let now):
      readers = now
      return observe(now)
    case .tick:
      return readers.map { observe($0) } ?? []
    case .classified(let answered, let classification):
      guard answered == stay, isAsking else { return [] }
      isAsking = false
      switch classification {
      case .ktpEl, .other:
        isSettled = true
        return report(.present(classification == .ktpEl ? .ktpEl : .other))
      case .busy:
        tries = 0
        return report(.present(.error))
      case .stuck:
        tries = Self.triesLimit
        return report(.present(.error))
      case .failed:
        return tries < Self.triesLimit ? [] : report(.present(.error))
      }
    }
  }

  private mutating func observe(_ readers: [ReaderObservation]) -> [Command] {
    guard readers.contains(where: { $0.slot != .unavailable }) else {
      forgetCard()
      return report(.noReader)
    }
    let occupied = readers.filter { $0.slot == .card || $0.slot == .mute }
    let found = occupied.first { $0.reader == stay?.reader } ?? occupied.first
    guard let found else {
      forgetCard()
      return report(.empty)
    }
    let newStay = CardStay(reader: found.reader, eventCount: found.eventCount)
    let isNew = newStay != stay
    if isNew {
      forgetCard()
      stay = newStay
    }
    if found.slot == .mute {
      // PC/SC may find out only later that a card does not answer.
      tries = Self.triesLimit
      return report(.present(.mute))
    }
    guard !isSettled, !isAsking, tries < Self.triesLimit else { return [] }
    tries += 1
    isAsking = true
    return (isNew ? report(.present(.unread)) : []) + [.classify(newStay)]
  }

  private mutating func forgetCard() {
    stay = nil
    tries = 0
    isAsking = false
    isSettled = false
  }

  private mutating func report(_ new: CardReading) -> [Command] {
    guard new != reading else { return [] }
    reading = new
    return [.report(new)]
  }
}
