import Foundation
import Journey
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing

@testable import CardReading

extension RealReaderTests {
  @Suite("A citizen's journey with a card")
  struct CardJourneyTests {
    @Test("card in, PIN right: its photo is on the glass, and gone with the session")
    func straight() async throws {
      try await withJourney { rig, journey, cards in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        try await journey.identify()
        #expect(journey.history.allSatisfy { $0.photo == nil }, "nothing before the document")
        try await journey.openDocument()
        try await journey.wait(photo: cards.first)
        try await journey.finish()
        #expect(journey.history.last?.photo == nil)
      }
    }

    @Test("a wrong PIN shows no photo, and none is read")
    func wrongPIN() async throws {
      try await withJourney { rig, journey, _ in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        let before = try await rig.apdus
        journey.tap(.start, .printDocument)
        journey.type(JourneyRig.nik)
        journey.type("654321")
        try await eventually("it is refused") {
          journey.saw("credentialRefused")
            || journey.screen == "printPIN" && journey.parts.credentialChecks.all.count == 1
        }
        #expect(try await rig.apdus == before)
        #expect(journey.history.allSatisfy { $0.photo == nil })
      }
    }

    @Test("swapped between PIN and photo: the photo is that of the card that lies there")
    func swapped() async throws {
      try await withJourney { rig, journey, cards in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        try await journey.identify()
        try await rig.swap(to: cards.secondProfile)
        try await journey.openDocument()
        try await journey.wait(photo: cards.second)
        #expect(!journey.history.contains { $0.photo == cards.first })
        // And once more, while the photo is on the glass.
        try await rig.swap(to: cards.firstProfile)
        try await journey.wait(photo: cards.first)
        try await journey.finish()
      }
    }

    @Test("pulled between PIN and photo: none is shown; put in again it is")
    func pulled() async throws {
      try await withJourney { rig, journey, cards in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        try await journey.identify()
        try await rig.card.tell("remove")
        try await journey.openDocument()
        try await journey.wait(reading: .empty)
        #expect(journey.shown?.photo == nil)
        try await rig.card.tell("insert")
        try await journey.wait(photo: cards.first)
        try await rig.card.tell("remove")
        try await journey.wait(photo: nil)
        try await journey.wait(secrets: 2)
        try await journey.finish()
      }
    }

    @Test("swapped while a slow card's photo is read: nothing of it is ever shown")
    func swappedInMidRead() async throws {
      try await withJourney { rig, journey, cards in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        try await journey.identify()
        let before = try await rig.apdus
        try await rig.card.tell("slow 60")
        try await journey.openDocument()
        try await eventually("a part of it is read") { try await rig.apdus > before + 4 }
        try await rig.card.tell("remove")
        try await rig.card.tell("slow 0")
        try await rig.card.tell("profile \(cards.secondProfile)")
        try await rig.card.tell("insert")
        try await journey.wait(photo: cards.second)
        #expect(!journey.history.contains { $0.photo == cards.first })
        try await journey.wait(secrets: 3)
        try await journey.finish()
      }
    }

    @Test("a photo that is told after the next card was put in is overwritten and never shown")
    func told() async throws {
      let late = LateAnswer()
      try await withJourney(late) { rig, journey, cards in
        try await rig.card.tell("insert now")
        try await journey.wait(reading: .present(.ktpEl))
        try await journey.identify()
        late.holdNext()
        try await journey.openDocument()
        try await eventually("the first card's photo is read and on its way") {
          late.held.map { journey.vault.withBytes(of: $0) { Data($0) } } == .some(cards.first)
        }
        try await rig.swap(to: cards.secondProfile)
        try await journey.wait(photo: cards.second)
        let first = try #require(late.held)
        late.release()
        try await eventually("the late one is overwritten") {
          journey.vault.withBytes(of: first) { _ in true } == nil
        }
        #expect(journey.shown == .init(reading: .present(.ktpEl), photo: cards.second))
        #expect(!journey.history.contains { $0.photo == cards.first })
        try await journey.wait(secrets: 3)
        try await journey.finish()
      }
    }
  }
}

/// The real driver's photos, one of which is held back on its way to the use case.
private final class LateAnswer: Sendable {
  private struct State {
    var holdsNext = false
    var held: SecretHandle?
    var waiting: CheckedContinuation<Void, Never>?
    var isReleased = false
  }
  private let state = Mutex(State())

  var held: SecretHandle? { state.withLock { $0.held } }
  func holdNext() { state.withLock { $0.holdsNext = true } }

  func release() {
    state.withLock { state in
      state.isReleased = true
      state.waiting?.resume()
      state.waiting = nil
    }
  }

  func port(before real: CardPort) -> CardPort {
    CardPort(
      changes: real.changes,
      readPhoto: { () async throws(PortError) in
        let photo = try await real.readPhoto()
        let isHeld = self.state.withLock { state in
          guard state.holdsNext, photo != nil else { return false }
          state.holdsNext = false
          state.held = photo
          return true
        }
        if isHeld {
          await withCheckedContinuation { continuation in
            self.state.withLock { state in
              if state.isReleased { continuation.resume() } else { state.waiting = continuation }
            }
          }
        }
        return photo
      })
  }
}

/// Two KTP-el of the lab that differ in their photos alone.
struct TwoCards: Sendable {
  let first: Data
  let second: Data
  let firstProfile: String
  let secondProfile: String

  init(in folder: TemporaryFolder) throws {
    let profiles = URL(filePath: LabProgram.laboratory + "/profiles")
    firstProfile = profiles.path + "/ktp.json"
    first = try Data(contentsOf: profiles.appending(path: "photo.jpg"))
    // A comment behind the mark that begins a JPEG: another photo, and still one.
    second =
      first.prefix(2) + [0xFF, 0xFE, 0x00, 0x0A] + Data("invented".utf8) + first.dropFirst(2)
    let place = URL(filePath: folder.path)
    try second.write(to: place.appending(path: "photo.jpg"))
    try FileManager.default.copyItem(
      atPath: firstProfile, toPath: place.appending(path: "ktp.json").path)
    secondProfile = place.appending(path: "ktp.json").path
  }
}

/// A served kiosk over a real pcscd for the body.
private func withJourney(
  _ late: LateAnswer? = nil, _ body: (CardRig, JourneyRig, TwoCards) async throws -> Void
) async throws {
  let folder = try TemporaryFolder()
  let cards = try TwoCards(in: folder)
  try await withRig { rig in
    let real = rig.reader.port
    let journey = try await JourneyRig(
      vault: rig.vault, cards: late.map { $0.port(before: real) } ?? real)
    let serving = Task { await journey.serve() }
    defer { serving.cancel() }
    try await body(rig, journey, cards)
    // Whoever still waits for a held answer is let go before the rig is.
    late?.release()
  }
}
