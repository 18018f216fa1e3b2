import OfficeModel
import TestSupport
import Testing

@testable import CardSession

@Suite("The card session, at random")
struct RandomCardTests {
  @Test(
    "a KTP-el is only ever told of the card that is there and said so itself",
    arguments: [1, 2, 3, 4] as [UInt64])
  func neverAnotherCard(seed: UInt64) {
    var chance = SeededChance(seed: seed)
    var session = CardSession()
    var readers: [ReaderObservation]? = nil
    var asked: [CardStay] = []
    var counts = ["A": 0, "B": 65_530]
    var recognised = 0
    for _ in 0..<50_000 {
      let event: CardSession.Event
      switch Int.random(in: 0..<10, using: &chance) {
      case 0:
        event = .serviceLost
        readers = nil
        asked = []
      case 1...4:
        let names = ["A", "B"].filter { _ in Int.random(in: 0..<8, using: &chance) > 0 }
        readers = names.map { name in
          let before = readers?.first { $0.reader == name }
          if let before, Bool.random(using: &chance) { return before }
          let count = ((counts[name] ?? 0) + Int.random(in: 1...2, using: &chance)) & 0xFFFF
          counts[name] = count
          let slot =
            [ReaderObservation.Slot.empty, .card, .card, .card, .mute, .unavailable]
            .randomElement(using: &chance) ?? .empty
          return ReaderObservation(reader: name, slot: slot, eventCount: count)
        }
        event = .observed(readers ?? [])
      case 5: event = .tick
      default:
        // Answers come in any order, also long after their card has gone.
        guard let stay = asked.randomElement(using: &chance) else { continue }
        let said =
          [CardSession.Classification.ktpEl, .ktpEl, .other, .failed, .busy, .stuck]
          .randomElement(using: &chance) ?? .failed
        event = .classified(stay, said)
      }
      for case .classify(let stay) in session.handle(event) { asked.append(stay) }
      guard session.reading == .present(.ktpEl) else { continue }
      recognised += 1
      guard let stay = session.stay else {
        Issue.record("a KTP-el in no reader")
        return
      }
      let there = readers?.first { $0.reader == stay.reader }
      #expect(there?.slot == .card && there?.eventCount == stay.eventCount)
      #expect(asked.contains(stay))
    }
    #expect(recognised > 500, "the test has seen what it is about")
  }

  @Test("a card that another has for itself is asked again at every look, without flicker")
  func busy() {
    var session = CardSession()
    let stay = CardStay(reader: "R", eventCount: 1)
    let card = ReaderObservation(reader: "R", slot: .card, eventCount: 1)
    #expect(session.handle(.tick) == [])
    #expect(session.handle(.observed([card])) == [.report(.present(.unread)), .classify(stay)])
    #expect(session.handle(.tick) == [], "it is being asked")
    #expect(session.handle(.classified(stay, .busy)) == [.report(.present(.error))])
    for _ in 0..<20 {
      #expect(session.handle(.tick) == [.classify(stay)])
      #expect(session.handle(.classified(stay, .busy)) == [])
    }
    #expect(session.handle(.tick) == [.classify(stay)])
    #expect(session.handle(.classified(stay, .ktpEl)) == [.report(.present(.ktpEl))])
    #expect(session.handle(.tick) == [])
  }
}
