import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing

@testable import CardReading

/// One process has one pcscd: libpcsclite reads the name of its socket once.
@Suite("On a real pcscd", .serialized, .timeLimit(.minutes(1))) enum RealReaderTests {}

extension RealReaderTests {
  @Suite("The card reader")
  struct CardReaderTests {
    @Test("a KTP-el is noticed by itself and recognised by its application")
    func noticed() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        try await rig.card.tell("insert now")
        let began = ContinuousClock.now
        try await changes.wait(for: .present(.unread))
        // A bound on hangs only: beside all other tests. The tour holds it to a second.
        #expect(ContinuousClock.now - began < .seconds(20))
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("remove")
        try await changes.wait(for: .empty)
      }
    }

    @Test("the photo of a KTP-el arrives in the vault byte for byte")
    func photo() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let handle = try #require(try await rig.reader.port.readPhoto())
        let expected = try Data(
          contentsOf: URL(filePath: LabProgram.laboratory + "/profiles/photo.jpg"))
        #expect(rig.vault.withBytes(of: handle) { Data($0) } == expected)
        #expect(rig.vault.population == 1)
      }
    }

    @Test("the length comes with the first piece: a photo of 4 KB takes 19 commands")
    func commands() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let before = try await rig.apdus
        let handle = try #require(try await rig.reader.port.readPhoto())
        let pieces = (rig.vault.count(of: handle) + 2 + 249) / 250
        #expect(try await rig.apdus - before == 2 + pieces)
      }
    }

    @Test(
      "whatever a card says to the length with more, its photo is read when it tells the length alone",
      arguments: ["sw 6CFA", "sw 6700", "sw 6282", "sw 6B00", "sw 9000", "garbage"])
    func lengthAlone(answer: String) async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let expected = try Data(
          contentsOf: URL(filePath: LabProgram.laboratory + "/profiles/photo.jpg"))
        let before = try await rig.apdus
        try await rig.card.tell("fault \(answer) at 3")
        let handle = try #require(try await rig.reader.port.readPhoto())
        #expect(rig.vault.withBytes(of: handle) { Data($0) } == expected)
        #expect(try await rig.apdus - before == 2 + 2 + (expected.count + 249) / 250)
        rig.vault.wipe(handle)
        // What it says to the length alone counts.
        try await rig.card.tell("fault sw 6700 at 3 for 2")
        await #expect(throws: PortError.self) { try await rig.reader.port.readPhoto() }
        #expect(rig.vault.population == 0)
      }
    }

    @Test("another card is no KTP-el and has no photo")
    func otherCard() async throws {
      try await withCard(profile: "member.json") { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.other))
        #expect(try await rig.reader.port.readPhoto() == nil)
      }
    }

    @Test("without a card there is no photo")
    func noCard() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        #expect(try await rig.reader.port.readPhoto() == nil)
      }
    }

    @Test("a mute card is told apart")
    func mute() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        try await rig.card.tell("mute on")
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.mute))
        try await rig.card.tell("remove")
        try await changes.wait(for: .empty)
      }
    }

    @Test(
      "a card pulled in mid-read gives an error and leaves nothing in the vault",
      arguments: ["remove", "torn"])
    func pulledInMidRead(fault: String) async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault \(fault) offset 1000")
        await #expect(throws: PortError.self) { try await rig.reader.port.readPhoto() }
        #expect(rig.vault.population == 0)
        try await changes.wait(for: .empty)
        // The same card, put on again, works.
        try await rig.card.tell("clear")
        try await rig.card.tell("insert")
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
      }
    }

    @Test(
      "an answer of the wrong length or kind is refused",
      arguments: ["short", "long", "garbage", "sw 6982"])
    func nonsense(fault: String) async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault \(fault) at 6")
        await #expect(throws: PortError.self) { try await rig.reader.port.readPhoto() }
        #expect(rig.vault.population == 0)
        // The card has not moved and still answers.
        #expect(try await rig.reader.port.readPhoto() != nil)
      }
    }

    @Test("a card that never answers costs its time limit, not the reader")
    func hangs() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault hang at 5")
        await #expect {
          try await rig.reader.port.readPhoto()
        } throws: { error in
          (error as? PortError)?.code == .timedOut
        }
        #expect(rig.reader.hangingTalks == 1)
        try await rig.card.tell("release")
        try await eventually("the abandoned thread is back") { rig.reader.hangingTalks == 0 }
        try await eventually("what it read is wiped") { rig.vault.population == 0 }
      }
    }

    @Test("a pcscd that is killed is noticed, and the card is found again when it is back")
    func serviceGone() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.killDaemon()
        try await changes.wait(for: .serviceGone)
        #expect(rig.reader.fact == .down(.stopped))
        try await rig.restartDaemon()
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
      }
    }

    @Test("a reader that is unplugged is told from an empty one, and found again")
    func noReader() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        #expect(
          await rig.reader.report()
            == DeviceReport(cardReader: .empty))
        try await rig.killDaemon()
        try await rig.restartDaemon(pairs: 0)
        try await changes.wait(for: .noReader)
        let report = await rig.reader.report()
        #expect(!report.found && report.state.hasPrefix("no reader") && report.advice != nil)
        try await rig.killDaemon()
        try await rig.restartDaemon()
        try await changes.wait(for: .empty)
      }
    }

    @Test("a card that bounced is read again")
    func bounce() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault remove at 3")
        await #expect(throws: PortError.self) { try await rig.reader.port.readPhoto() }
        try await rig.card.tell("insert now")
        try await eventually("the photo can be read again") {
          (try? await rig.reader.port.readPhoto()) != nil
        }
      }
    }

    @Test("to a reader with a talk that hangs no second one is begun, and all is well afterwards")
    func oneHangPerReader() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault hang for ever")
        for code in [PortError.Code.timedOut, .deviceBusy, .deviceBusy] {
          await #expect {
            try await rig.reader.port.readPhoto()
          } throws: { error in
            (error as? PortError)?.code == code
          }
          #expect(rig.reader.hangingTalks == 1)
        }
        #expect(rig.reader.refusingFor != nil)
        try await rig.card.tell("remove")
        try await rig.card.tell("clear")
        try await eventually("the thread is back") { rig.reader.hangingTalks == 0 }
        #expect(rig.reader.refusingFor == nil)
        try await rig.card.tell("insert")
        try await eventually("the photo can be read again") {
          (try? await rig.reader.port.readPhoto()) != nil
        }
      }
    }

    @Test(
      "two readers: the first card counts until it leaves, and a hang in one leaves the other well")
    func twoReaders() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        try await rig.second.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        // Both occupied: nothing new is told.
        try await rig.card.tell("insert now")
        try await rig.card.tell("fault hang for ever")
        #expect(try await rig.reader.port.readPhoto() != nil)
        try await rig.second.tell("remove")
        // The other card counts now, and hangs.
        try await changes.wait(for: .present(.error))
        #expect(rig.reader.hangingTalks == 1)
        try await rig.second.tell("insert")
        try await rig.card.tell("remove")
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
        try await rig.second.tell("remove")
        try await changes.wait(for: .empty)
      }
    }

    @Test(
      "pcscd killed while a photo is being read: an error, nothing kept, and well again afterwards")
    func killedInMidRead() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault hang at 8")
        let port = rig.reader.port
        let photo = Task { try await port.readPhoto() }
        try await eventually("half of it is read") { try await rig.hasHang }
        try await rig.killDaemon()
        await #expect(throws: PortError.self) { try await photo.value }
        try await changes.wait(for: .serviceGone)
        #expect(rig.vault.population == 0)
        try await rig.card.tell("release")
        try await rig.card.tell("clear")
        try await rig.restartDaemon()
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
        #expect(rig.reader.hangingTalks == 0)
      }
    }

    @Test("a card that another program has for itself is an error, until it lets go")
    func exclusive() async throws {
      try await withCard { rig, changes in
        try await changes.wait(for: .empty)
        try await rig.second.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let other = try PlainContext()
        defer { other.release() }
        // The first reader's card is taken before the driver's turn comes.
        try await rig.insert()
        let (code, card) = other.connect(CardRig.first, share: PlainCard.exclusive)
        try #require(code == 0)
        try await rig.second.tell("remove")
        try await changes.wait(for: .present(.error))
        card.disconnect()
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
      }
    }

    @Test("a card that another program resets is asked again; one with a transaction is waited for")
    func resetByAnother() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let other = try PlainContext()
        defer { other.release() }
        for _ in 0..<3 {
          other.connect(CardRig.first).1.disconnect(PlainCard.reset)
          #expect(try await rig.reader.port.readPhoto() != nil)
        }
        let (code, card) = other.connect(CardRig.first)
        try #require(code == 0)
        #expect(card.begin() == 0)
        let port = rig.reader.port
        let photo = Task { try await port.readPhoto() }
        // The other's commands go through undisturbed, ours wait.
        #expect(card.transmit(KTPElCard.selectApplication).code == 0)
        #expect(card.end() == 0)
        #expect(try await photo.value != nil)
        card.disconnect()
      }
    }

    @Test("a new listener hears first what is there now")
    func newListener() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        var late = Changes(rig.reader.port.changes())
        try await late.wait(for: .present(.ktpEl))
        #expect(late.seen == [.present(.ktpEl)])
      }
    }

    @Test("what is written down names calls and states, never bytes of a card")
    func nothingOfTheCardIsLogged() async throws {
      try await withCard { rig, changes in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await rig.card.tell("fault garbage at 6")
        await #expect(throws: PortError.self) { try await rig.reader.port.readPhoto() }
        let said = rig.events.all.flatMap { [$0.name] + $0.fields.values }.joined(separator: "|")
        for secret in ["3B8B", "0411", "7F0A", "6FF2"] {
          #expect(!said.uppercased().contains(secret))
        }
      }
    }
  }
}

@Suite("READ BINARY")
struct ReadBinaryTests {
  @Test("an offset takes 15 bits")
  func offsets() {
    #expect(KTPElCard.readBinary(offset: 0, count: 2) == [0x00, 0xB0, 0x00, 0x00, 0x02])
    #expect(KTPElCard.readBinary(offset: 0x1234, count: 250) == [0x00, 0xB0, 0x12, 0x34, 0xFA])
    #expect(KTPElCard.photoLimitBytes == 32_766)
  }
}
