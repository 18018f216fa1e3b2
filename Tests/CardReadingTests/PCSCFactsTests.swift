import CPCSC
import Foundation
import OfficeModel
import TestSupport
import Testing

@testable import CardReading

// What PC/SC does, by Debian 12's pcscd 1.9.9 with virtual cards, and which test holds it and the
// driver to it:
//
// | what happens                              | PC/SC says: PCSCFacts       | the driver: CardReader |
// | ----------------------------------------- | --------------------------- | ---------------------- |
// | no card                                   | connectRefused              | noCard                 |
// | mute card                                 | connectRefused              | mute                   |
// | somebody has it exclusive                 | connectRefused              | exclusive              |
// | card gone before an APDU                  | goneBefore                  | pulledInMidRead        |
// | card gone while an answer is due          | goneWhileAnswering          | pulledInMidRead        |
// | answer longer than the buffer             | longAnswer                  | nonsense               |
// | one-byte or random answers                | oneByte                     | nonsense               |
// | card never answers                        | neverAnswers                | hangs, oneHangPerReader |
// | another program resets the card           | resetByAnother              | resetByAnother         |
// | another's transaction                     | transactionOfAnother        | transactionOfAnother   |
// | status and end of transaction, card gone  | noProofOfPresence           | (never asks either)    |
// | pcscd dies                                | daemonDies                  | serviceGone, killedInMidRead |
// | pcscd is back                             | daemonDies                  | serviceGone            |
// | no readers                                | noReaders                   | noReader               |
// | bounce trap                               | bounceTrap                  | bounce                 |
// | GetStatusChange: unaware, empty, 17, PnP, unknown name, count, another context, cancel |
// |                                           | statusChange…               | SimulatedReaderTests   |
// | the virtual card: ATR, recognised by file | virtualCard                 | noticed, photo         |

extension RealReaderTests {
  @Suite("What PC/SC does")
  struct PCSCFactsTests {
    private enum Code {
      static let cancelled = 0x8010_0002
      static let invalidHandle = 0x8010_0003
      static let invalidParameter = 0x8010_0004
      static let insufficientBuffer = 0x8010_0008
      static let unknownReader = 0x8010_0009
      static let timeout = 0x8010_000A
      static let sharingViolation = 0x8010_000B
      static let noSmartCard = 0x8010_000C
      static let commError = 0x8010_0013
      static let notTransacted = 0x8010_0016
      static let noService = 0x8010_001D
      static let noReaders = 0x8010_002E
      static let unpowered = 0x8010_0067
      static let reset = 0x8010_0068
      static let removed = 0x8010_0069
    }
    private let selectApplication = KTPElCard.selectApplication
    private static let first = CardRig.first
    private static let second = CardRig.sibling
    private static let plugAndPlay = "\\\\?PnP?\\Notification"

    /// A pcscd and a card, and no driver of ours.
    private func withPlain(
      insert: Bool = true, _ body: (CardRig, PlainContext) async throws -> Void
    ) async throws {
      try await withRig(hasReader: false) { rig in
        let context = try PlainContext()
        defer { context.release() }
        if insert { try await rig.insert() }
        try await body(rig, context)
      }
    }

    private func connected(_ context: PlainContext) throws -> PlainCard {
      let (code, card) = context.connect(Self.first)
      try #require(code == 0)
      return card
    }

    private func state(_ context: PlainContext, _ reader: String = first) -> UInt {
      context.change([(reader, 0)], milliseconds: 0).states.first ?? 0
    }

    @Test("SCardConnect without a card, with a mute one, with one that another has for itself")
    func connectRefused() async throws {
      try await withPlain(insert: false) { rig, context in
        #expect(context.connect(Self.first).code == Code.noSmartCard)
        try await rig.card.tell("mute on")
        try await rig.card.tell("insert now")
        try await eventually("present and mute") {
          state(context) & (ReaderFlags.mute | ReaderFlags.present)
            == ReaderFlags.mute | ReaderFlags.present
        }
        #expect(context.change([(Self.first, 0)], milliseconds: 0).atrLengths == [0])
        #expect(context.connect(Self.first).code == Code.unpowered)
        try await rig.card.tell("remove")
        try await rig.card.tell("mute off")
        try await rig.insert()
        let other = try PlainContext()
        defer { other.release() }
        let (code, card) = other.connect(Self.first, share: SCARD_SHARE_EXCLUSIVE)
        #expect(code == 0)
        #expect(context.connect(Self.first).code == Code.sharingViolation)
        card.disconnect()
        #expect(context.connect(Self.first).code == 0)
      }
    }

    @Test(
      "SCardTransmit to a card that has gone: not transacted, and removed once pcscd has looked")
    func goneBefore() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("remove")
        // Or, where the removal crosses the command, success without a byte.
        let first = card.transmit(selectApplication)
        #expect(
          [Code.notTransacted, Code.removed].contains(first.code)
            || first.code == 0 && first.length == 0)
        try await eventually("pcscd has looked") {
          card.transmit(selectApplication).code == Code.removed
        }
        card.disconnect()
      }
    }

    @Test("a card that goes while its answer is due: success, and not a byte")
    func goneWhileAnswering() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("fault torn")
        let answer = card.transmit(selectApplication)
        #expect(answer.code == 0 && answer.length == 0)
        card.disconnect()
      }
    }

    @Test("an answer longer than the buffer: the length is larger than the buffer")
    func longAnswer() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("fault long")
        let answer = card.transmit(selectApplication, room: 64)
        #expect(answer.code == Code.insufficientBuffer && answer.length > 64)
        #expect(card.transmit(selectApplication).code == 0, "the next one is well")
        card.disconnect()
      }
    }

    @Test("one byte, or any bytes: success")
    func oneByte() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("fault short")
        let one = card.transmit(selectApplication)
        #expect(one.code == 0 && one.length == 1)
        try await rig.card.tell("fault garbage")
        let any = card.transmit(selectApplication)
        #expect(any.code == 0 && (2...64).contains(any.length))
        card.disconnect()
      }
    }

    @Test("a card that never answers: no cancel ends it, a second connect waits, other calls work")
    func neverAnswers() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("fault hang")
        let transmit = Background {
          card.transmit([0x00, 0xA4, 0x00, 0x00, 0x02, 0x7F, 0x0A]).code
        }
        try await eventually("the command has arrived") { try await rig.hasHang }
        context.cancel()
        let other = try PlainContext()
        defer { other.release() }
        let connect = Background { other.connect(Self.first).code }
        // Another context answers all the while, also for the other slot: this driver serves both at
        // once. Those of USB readers do not.
        let fourth = try PlainContext()
        defer { fourth.release() }
        #expect(fourth.list() == 0)
        #expect(fourth.connect(Self.second).code == Code.noSmartCard)
        #expect(state(fourth, Self.second) & ReaderFlags.empty != 0)
        #expect(transmit.value == nil && connect.value == nil)
        try await rig.card.tell("remove")
        try await eventually("both come back") { transmit.value != nil && connect.value != nil }
        card.disconnect()
      }
    }

    @Test("a card that another program has reset: told once, then reconnect")
    func resetByAnother() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        let other = try PlainContext()
        defer { other.release() }
        other.connect(Self.first).1.disconnect(SCARD_RESET_CARD)
        #expect(card.transmit(selectApplication).code == Code.reset)
        #expect(card.reconnect() == 0)
        #expect(card.transmit(selectApplication).code == 0)
        card.disconnect()
      }
    }

    @Test("while another has a transaction, SCardBeginTransaction waits, and so does SCardConnect")
    func transactionOfAnother() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        let other = try PlainContext()
        defer { other.release() }
        let (code, second) = other.connect(Self.first)
        try #require(code == 0)
        #expect(card.begin() == 0)
        let begin = Background { second.begin() }
        let third = try PlainContext()
        defer { third.release() }
        let connect = Background { third.connect(Self.first).code }
        // Three commands of ours are through while they wait.
        for _ in 0..<3 { #expect(card.transmit(selectApplication).code == 0) }
        #expect(begin.value == nil && connect.value == nil)
        #expect(card.end() == 0)
        try await eventually("the first has its turn") { begin.value == 0 }
        #expect(second.end() == 0)
        try await eventually("and the second") { connect.value == 0 }
        second.disconnect()
        card.disconnect()
      }
    }

    @Test("just after a removal SCardStatus and SCardEndTransaction still succeed")
    func noProofOfPresence() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        #expect(card.begin() == 0)
        try await rig.card.tell("remove")
        // By 400 ms pcscd has looked and says so; before, it does not know.
        let (status, end) = (card.status(), card.end())
        #expect([0, Code.removed].contains(status) && [0, Code.removed].contains(end))
        #expect(card.transmit(selectApplication).code != 0)
        card.disconnect()
      }
    }

    @Test(
      "pcscd is killed: the wait ends with a communication error, the context still looks valid")
    func daemonDies() async throws {
      try await withPlain { rig, context in
        let now = state(context) & ~ReaderFlags.changed
        let wait = Background { context.change([(Self.first, now)], milliseconds: 60_000).code }
        let other = try PlainContext()
        // An answer to it says that pcscd has taken what was sent before, on either connection.
        try await eventually("the wait has begun") { other.list() == 0 && wait.value == nil }
        try await rig.killDaemon()
        try await eventually("the wait ends") { wait.value != nil }
        let ended = try #require(wait.value)
        #expect(SmartCardError("wait", code: ended).isServiceLost, "\(String(ended, radix: 16))")
        #expect(other.list() == Code.noService)
        #expect(other.isValid)
        #expect(throws: PlainContext.Refused.self) { try PlainContext() }
        try await rig.restartDaemon()
        #expect([Code.invalidHandle, Code.noService].contains(other.list()))
        let new = try PlainContext()
        defer { new.release() }
        #expect(new.list() == 0)
        try await eventually("the card is still there") {
          let (code, card) = new.connect(Self.first)
          if code == 0 { card.disconnect() }
          return code == 0
        }
      }
    }

    @Test("without readers, listing them is an error of its own")
    func noReaders() async throws {
      try await withPlain(insert: false) { rig, _ in
        try await rig.killDaemon()
        try await rig.restartDaemon(pairs: 0)
        let context = try PlainContext()
        defer { context.release() }
        #expect(context.list() == Code.noReaders)
      }
    }

    @Test(
      "the bounce trap: who resets after an error loses the card that came back; who leaves it, not"
    )
    func bounceTrap() async throws {
      try await withPlain { rig, context in
        let card = try connected(context)
        try await rig.card.tell("remove")
        #expect(card.transmit(selectApplication).code != 0)
        // Before pcscd looks (every 400 ms), the card is back.
        try await rig.card.tell("insert now")
        card.disconnect(SCARD_LEAVE_CARD)
        try await eventually("the card answers again") {
          let (code, again) = context.connect(Self.first)
          defer { if code == 0 { again.disconnect() } }
          return code == 0 && again.transmit(selectApplication).code == 0
        }
      }
    }

    @Test(
      "GetStatusChange: unaware answers at once, nothing asked is nothing waited for, 16 at most")
    func statusChangeLimits() async throws {
      try await withPlain { rig, context in
        let unaware = context.change([(Self.first, 0), (Self.second, 0)], milliseconds: 60_000)
        #expect(unaware.code == 0)
        #expect(unaware.states[0] & ReaderFlags.present != 0)
        #expect(unaware.states[1] & ReaderFlags.empty != 0)
        #expect(context.change([], milliseconds: 60_000).code == 0)
        let known = (Self.first, unaware.states[0] & ~ReaderFlags.changed)
        #expect(
          context.change(Array(repeating: known, count: 16), milliseconds: 1).code == Code.timeout)
        #expect(
          context.change(Array(repeating: known, count: 17), milliseconds: 1).code
            == Code.invalidParameter)
        let noticed = context.change([known, (Self.plugAndPlay, 0)], milliseconds: 1)
        #expect(noticed.code == Code.timeout && noticed.states[1] == 0)
        #expect(
          context.change([("No Such Reader", 0)], milliseconds: 1).code == Code.unknownReader)
      }
    }

    @Test("the upper half of the state counts insertions and removals")
    func statusChangeCounts() async throws {
      try await withPlain { rig, context in
        let before = state(context)
        try await rig.card.tell("remove")
        try await eventually("empty") { state(context) & ReaderFlags.empty != 0 }
        try await rig.insert()
        let after = state(context)
        #expect(after >> ReaderFlags.countShift == before >> ReaderFlags.countShift + 2)
        #expect(before & 0xFFFD == after & 0xFFFD, "nothing else tells the two apart")
      }
    }

    // Whoever calls SCardConnect in the waiting context waits for it, and libpcsclite then holds a lock
    // that every other call of the process needs: the driver has contexts of their own for each.
    @Test("while one context waits, another one is free; SCardCancel ends the wait")
    func statusChangeHoldsItsContext() async throws {
      try await withPlain { rig, context in
        let known = (Self.first, state(context) & ~ReaderFlags.changed)
        let wait = Background { context.change([known], milliseconds: 60_000).code }
        let other = try PlainContext()
        defer { other.release() }
        for _ in 0..<20 {
          let (code, card) = other.connect(Self.first)
          #expect(code == 0 && card.transmit(selectApplication).code == 0)
          card.disconnect()
        }
        // A reader in use wakes nobody.
        #expect(wait.value == nil)
        // A cancel that comes before its wait has begun is lost.
        try await eventually("the wait ends") {
          context.cancel()
          return wait.value == Code.cancelled
        }
      }
    }

    @Test(
      "the virtual KTP-el: its ATR is never looked at, its application answers, its biodata do not")
    func virtualCard() async throws {
      try await withPlain { rig, context in
        #expect(context.change([(Self.first, 0)], milliseconds: 0).atrLengths == [16])
        let card = try connected(context)
        #expect(
          card.transmit(KTPElCard.selectPhoto).bytes.suffix(2) == [0x6A, 0x82], "wrong folder")
        #expect(card.transmit(selectApplication).bytes.suffix(2) == [0x90, 0x00])
        #expect(
          card.transmit([0x00, 0xA4, 0x00, 0x00, 0x02, 0x6F, 0xF1]).bytes.suffix(2) == [0x90, 0x00])
        #expect(card.transmit(KTPElCard.readBinary(offset: 0, count: 8)).bytes == [0x69, 0x82])
        #expect(card.transmit([0x00, 0x84, 0x00, 0x00, 0x08]).length == 10)
        // With Nagle and delayed acknowledgements against one another each command would take 40 ms.
        let began = ContinuousClock.now
        for _ in 0..<50 { #expect(card.transmit(selectApplication).code == 0) }
        #expect(ContinuousClock.now - began < .seconds(1))
        card.disconnect()
      }
    }
  }
}
