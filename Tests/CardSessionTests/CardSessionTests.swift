import OfficeModel
import Testing

@testable import CardSession

@Suite("The card session")
struct CardSessionTests {
  private func seen(
    _ slot: ReaderObservation.Slot, _ count: Int = 1, reader: String = "R"
  ) -> CardSession.Event {
    .observed([ReaderObservation(reader: reader, slot: slot, eventCount: count)])
  }
  private let stay = CardStay(reader: "R", eventCount: 1)

  @Test("a card is reported before it is asked, and again when it has answered")
  func ktpEl() {
    var session = CardSession()
    #expect(session.handle(seen(.empty, 0)) == [.report(.empty)])
    #expect(session.handle(seen(.card)) == [.report(.present(.unread)), .classify(stay)])
    #expect(session.handle(seen(.card)) == [])
    #expect(session.handle(.classified(stay, .ktpEl)) == [.report(.present(.ktpEl))])
    #expect(session.handle(seen(.card)) == [])
    #expect(session.handle(seen(.empty, 2)) == [.report(.empty)])
  }

  @Test("a quick swap of cards shows in the counter, and the second card is asked anew")
  func swap() {
    var session = CardSession()
    _ = session.handle(seen(.card))
    _ = session.handle(.classified(stay, .ktpEl))
    let second = CardStay(reader: "R", eventCount: 3)
    #expect(session.handle(seen(.card, 3)) == [.report(.present(.unread)), .classify(second)])
    #expect(session.handle(.classified(stay, .ktpEl)) == [], "an answer about the first card")
    #expect(session.handle(.classified(second, .other)) == [.report(.present(.other))])
  }

  @Test("a failing card is asked three times and then is an error until it is taken out")
  func failing() {
    var session = CardSession()
    for _ in 0..<CardSession.triesLimit - 1 {
      #expect(session.handle(seen(.card)).contains(.classify(stay)))
      #expect(session.handle(.classified(stay, .failed)) == [])
    }
    #expect(session.handle(seen(.card)) == [.classify(stay)])
    #expect(session.handle(.classified(stay, .failed)) == [.report(.present(.error))])
    #expect(session.handle(seen(.card)) == [])
    #expect(session.handle(seen(.empty, 2)) == [.report(.empty)])
    #expect(session.handle(seen(.card, 3)).first == .report(.present(.unread)))
  }

  @Test("a card that hangs is not asked again")
  func stuck() {
    var session = CardSession()
    _ = session.handle(seen(.card))
    #expect(session.handle(.classified(stay, .stuck)) == [.report(.present(.error))])
    #expect(session.handle(seen(.card)) == [])
  }

  @Test("a mute card is reported and not asked")
  func mute() {
    var session = CardSession()
    #expect(session.handle(seen(.mute)) == [.report(.present(.mute))])
    #expect(session.handle(seen(.mute)) == [])
  }

  @Test("no reader, unavailable readers and a lost service are told apart")
  func gone() {
    var session = CardSession()
    #expect(session.handle(.observed([])) == [.report(.noReader)])
    #expect(session.handle(seen(.card)).count == 2)
    #expect(session.handle(.serviceLost) == [.report(.serviceGone)])
    #expect(session.handle(.serviceLost) == [])
    #expect(session.handle(.classified(stay, .ktpEl)) == [], "answered too late")
    #expect(session.handle(seen(.unavailable)) == [.report(.noReader)])
    #expect(session.handle(seen(.card)).first == .report(.present(.unread)))
  }

  @Test("of two cards the first one counts until it leaves")
  func twoReaders() {
    var session = CardSession()
    func both(_ a: ReaderObservation.Slot, _ b: ReaderObservation.Slot) -> CardSession.Event {
      .observed([
        ReaderObservation(reader: "A", slot: a, eventCount: 1),
        ReaderObservation(reader: "B", slot: b, eventCount: 1),
      ])
    }
    _ = session.handle(both(.empty, .card))
    #expect(session.stay?.reader == "B")
    #expect(session.handle(both(.card, .card)) == [])
    #expect(
      session.handle(both(.card, .empty)) == [.classify(CardStay(reader: "A", eventCount: 1))])
  }
}
