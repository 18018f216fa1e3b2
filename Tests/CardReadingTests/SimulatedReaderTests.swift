import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing

@testable import CardReading

/// The production driver on a simulated pcscd.
struct SimulatedRig: Sendable {
  static let a = "Simulated Reader A 00 00"
  static let b = "Simulated Reader B 01 00"

  let readers: SimulatedReaders
  let reader: CardReader
  let vault = SecretVault()
  let events = CardRig.Recorder()

  init(readers names: [String] = [a], name: String? = nil, seed: UInt64 = 1) {
    readers = SimulatedReaders(readers: names, seed: seed)
    var limits = CardReader.Limits()
    limits.relist = .milliseconds(20)
    limits.reconnect = .milliseconds(2)
    limits.breath = .milliseconds(1)
    limits.retry = .milliseconds(1)
    limits.classify = .milliseconds(100)
    limits.photo = .milliseconds(100)
    reader = CardReader(
      vault: vault, reader: name, limits: limits, platform: readers.platform, events: events.port)
  }

  func settle(_ wanted: OfficeModel.CardReading) async throws {
    do { try await eventually("\(wanted)") { reader.reading == wanted } } catch {
      throw LabProgram.Failure(
        description: "\(error), but \(String(describing: reader.reading))")
    }
  }

  func photo() async throws(PortError) -> [UInt8]? {
    guard let handle = try await reader.port.readPhoto() else { return nil }
    defer { vault.wipe(handle) }
    return vault.withBytes(of: handle) { Array($0) }
  }
}

@Suite("The card reader, on a simulated pcscd", .timeLimit(.minutes(1)))
struct SimulatedReaderTests {
  @Test(
    "whatever fails once, the card is recognised in the end and its photo whole",
    arguments: SimulatedReaders.Fault.allCases)
  func everyFault(fault: SimulatedReaders.Fault) async throws {
    let rig = SimulatedRig()
    defer { rig.reader.stop() }
    try await rig.settle(.empty)
    let card = SimulatedCard.numbered(3)
    rig.readers.failNext(fault)
    rig.readers.insert(card)
    switch fault {
    case .hang, .stuckForGood:
      try await rig.settle(.present(.error))
      rig.readers.remove()
      rig.readers.release()
      try await rig.settle(.empty)
      rig.readers.insert(card)
    case .securityStatus:
      // A card that refuses the file is another card.
      try await rig.settle(.present(.other))
      rig.readers.swap(card)
    case .noContext, .serviceDies, .unknownReader:
      // Strikes whatever is called next; with nothing to do nothing is called.
      try await eventually("it has struck or the card is there") {
        rig.readers.pendingFaults.isEmpty || rig.reader.reading == .present(.ktpEl)
      }
      rig.readers.start()
    default: break
    }
    try await rig.settle(.present(.ktpEl))
    rig.readers.clearFaults()
    #expect(try await rig.photo() == card.photo)

    // And in the middle of the photo.
    rig.readers.failNext(fault)
    do throws(PortError) {
      let photo = try await rig.photo()
      #expect(photo == card.photo)
    } catch {
      #expect(rig.vault.population == 0)
    }
    rig.readers.clearFaults()
    rig.readers.start()
    rig.readers.release()
    try await eventually("the photo can be read again") {
      (try? await rig.photo()) == card.photo
    }
    try await eventually("nothing is left behind") {
      rig.vault.population == 0 && rig.reader.hangingTalks == 0
        && rig.readers.openHandles.cards == 0 && rig.readers.openHandles.contexts <= 4
    }
  }

  @Test("a photo of any length arrives whole: within the first piece, at its end, or behind it")
  func lengths() async throws {
    let rig = SimulatedRig()
    defer { rig.reader.stop() }
    for count in [5, 6, 40, 247, 248, 249, 250, 497, 498, 499, 4026] {
      let card = SimulatedCard.numbered(count, bytes: count)
      rig.readers.swap(card)
      try await eventually("the photo of \(count) bytes") {
        (try? await rig.photo()) == card.photo
      }
    }
  }

  @Test("with a hang in two readers no third talk is begun, and all is well when they come back")
  func twoHangs() async throws {
    let rig = SimulatedRig(readers: [SimulatedRig.a, SimulatedRig.b, "Third 02 00"])
    defer { rig.reader.stop() }
    // The card that counts hangs, then leaves the place to the next; pcscd has not let go of it.
    for index in 0...1 {
      rig.readers.failNext(.stuckForGood)
      rig.readers.insert(.numbered(index), reader: index)
      try await eventually("\(index + 1) hang") { rig.reader.hangingTalks == index + 1 }
      try await rig.settle(.present(.error))
      rig.readers.remove(reader: index)
      try await rig.settle(.empty)
      #expect(rig.reader.hangingTalks == index + 1 && rig.reader.refusingFor == nil)
    }
    rig.readers.insert(.numbered(9), reader: 2)
    try await rig.settle(.present(.error))
    #expect(rig.reader.hangingTalks == 2)
    #expect(rig.reader.refusingFor != nil, "only now is a talk refused")
    rig.readers.release()
    try await eventually("both are back") { rig.reader.hangingTalks == 0 }
    #expect(rig.reader.refusingFor == nil)
    rig.readers.remove(reader: 2)
    rig.readers.insert(.numbered(10), reader: 2)
    try await rig.settle(.present(.ktpEl))
  }

  @Test("while a talk hangs, neither its slot nor the other slots of its reader are talked to")
  func slotsOfOneReader() async throws {
    let rig = SimulatedRig(readers: ["Two Slots 00 00", "Two Slots 00 01"])
    defer { rig.reader.stop() }
    rig.readers.failNext(.stuckForGood)
    rig.readers.insert(.numbered(1), reader: 0)
    try await rig.settle(.present(.error))
    rig.readers.remove(reader: 0)
    try await rig.settle(.empty)
    rig.readers.insert(.numbered(2), reader: 1)
    try await rig.settle(.present(.error))
    #expect(rig.reader.hangingTalks == 1)
    #expect(rig.reader.refusingFor != nil)
    rig.readers.release()
    try await eventually("it is back") { rig.reader.hangingTalks == 0 }
  }

  @Test("a swap that only the counter shows, also where its 16 bits run over")
  func counterRunsOver() async throws {
    let rig = SimulatedRig()
    defer { rig.reader.stop() }
    rig.readers.setEvents(0xFFFC)
    for number in 1...6 {
      let card = SimulatedCard.numbered(number, bytes: 300 + number)
      rig.readers.swap(card)
      try await eventually("the photo of card \(number)") {
        (try? await rig.photo()) == card.photo
      }
    }
  }

  @Test("a reader that came unnoticed is found at the next look; one that went is missed")
  func unnoticed() async throws {
    let rig = SimulatedRig(readers: [])
    defer { rig.reader.stop() }
    try await rig.settle(.noReader)
    rig.readers.setReaders([SimulatedRig.a])
    try await rig.settle(.empty)
    rig.readers.setReaders([SimulatedRig.a, SimulatedRig.b])
    rig.readers.insert(.numbered(1), reader: 1)
    try await rig.settle(.present(.ktpEl))
    rig.readers.setReaders([SimulatedRig.a])
    try await rig.settle(.empty)
    rig.readers.setReaders([])
    try await rig.settle(.noReader)
  }

  @Test("a reader that is unplugged beside one with a card: nothing is told, and the photo is read")
  func unpluggedBeside() async throws {
    let rig = SimulatedRig(readers: [SimulatedRig.a, SimulatedRig.b])
    defer { rig.reader.stop() }
    var changes = Changes(rig.reader.port.changes())
    try await changes.wait(for: .empty)
    let card = SimulatedCard.numbered(5, bytes: 4000)
    rig.readers.insert(card, reader: 1)
    try await changes.wait(for: .present(.ktpEl))
    for round in 0..<50 {
      async let photo = rig.photo()
      rig.readers.setReaders([SimulatedRig.b])
      #expect(try await photo == card.photo, "while the other one goes")
      if round % 2 == 0 { rig.readers.failNext(.unknownReader) }
      #expect(try await rig.photo() == card.photo)
      rig.readers.setReaders([SimulatedRig.a, SimulatedRig.b])
      #expect(try await rig.photo() == card.photo, "and comes back")
    }
    rig.readers.setReaders([SimulatedRig.a])
    try await changes.wait(for: .empty)
    #expect(try await rig.photo() == nil, "the card went with its reader")
    let told = changes.seen.filter { $0 != .present(.unread) }
    #expect(told == [.empty, .present(.ktpEl), .empty])
  }

  @Test("more readers than one wait takes, and names that are no names")
  func manyReaders() async throws {
    let long = String(repeating: "x", count: 200)
    let odd = (0..<20).map { "Other \($0)" } + [long, "bell\u{7}", SimulatedRig.a]
    let all = SimulatedRig(readers: odd)
    defer { all.reader.stop() }
    try await all.settle(.empty)
    // The one that is meant is found behind all others.
    let one = SimulatedRig(readers: odd, name: "Reader A")
    defer { one.reader.stop() }
    one.readers.insert(.numbered(1), reader: odd.count - 1)
    try await one.settle(.present(.ktpEl))
    let none = SimulatedRig(readers: [long, "bell\u{7}"])
    defer { none.reader.stop() }
    try await none.settle(.noReader)
  }

  @Test("a card swapped while its photo is read: no photo, or that of the card that is there")
  func swappedInMidRead() async throws {
    let rig = SimulatedRig()
    defer { rig.reader.stop() }
    for round in 0..<40 {
      let (first, second) = (
        SimulatedCard.numbered(round, bytes: 4000), SimulatedCard.numbered(round + 1, bytes: 4001)
      )
      rig.readers.swap(first)
      try await rig.settle(.present(.ktpEl))
      async let photo = rig.photo()
      rig.readers.swap(second)
      // What was read is whole and of one card, never of both.
      let seen = try? await photo
      #expect(seen == nil || seen == .some(first.photo) || seen == .some(second.photo))
      try await eventually("the photo of the second") { (try? await rig.photo()) == second.photo }
    }
    #expect(rig.vault.population == 0)
  }

  @Test("insert, recognise, photo, remove: hundreds a second, and nothing piles up")
  func many() async throws {
    let rig = SimulatedRig()
    defer { rig.reader.stop() }
    var changes = Changes(rig.reader.port.changes())
    try await changes.wait(for: .empty)
    let threads = try threadCount()
    for number in 0..<1000 {
      let card = SimulatedCard.numbered(number, bytes: 400)
      rig.readers.insert(card)
      try await changes.wait(for: .present(.ktpEl))
      #expect(try await rig.photo() == card.photo)
      rig.readers.remove()
      try await changes.wait(for: .empty)
    }
    #expect(rig.vault.population == 0)
    #expect(rig.readers.openHandles.contexts <= 3)
    #expect(try threadCount() < threads + 20, "other tests run beside this one")
  }

  private func threadCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
  }

  @Test("thousands of steps at random", arguments: [1, 2, 3, 4] as [UInt64])
  func random(seed: UInt64) async throws {
    let names = [SimulatedRig.a, SimulatedRig.b]
    let rig = SimulatedRig(readers: names, seed: seed)
    defer { rig.reader.stop() }
    var chance = SeededChance(seed: seed)
    let photos = Mutex<Set<[UInt8]>>([])
    for step in 0..<1500 {
      let slot = Int.random(in: 0...1, using: &chance)
      let card = SimulatedCard.numbered(step, bytes: 300 + step)
      switch Int.random(in: 0..<20, using: &chance) {
      case 0...4:
        photos.withLock { _ = $0.insert(card.photo) }
        rig.readers.insert(card, reader: slot)
      case 5: rig.readers.insert(SimulatedCard(.other), reader: slot)
      case 6: rig.readers.insert(SimulatedCard(.mute), reader: slot)
      case 7...9: rig.readers.remove(reader: slot)
      case 10:
        photos.withLock { _ = $0.insert(card.photo) }
        rig.readers.swap(card, reader: slot)
      case 11...14:
        if let fault = SimulatedReaders.Fault.allCases.randomElement(using: &chance) {
          rig.readers.failNext(fault)
        }
      case 15: rig.readers.kill()
      case 16: rig.readers.start()
      case 17: rig.readers.release()
      default:
        if let photo = try? await rig.photo() {
          #expect(photos.withLock { $0.contains(photo) }, "whole, and of one card")
        }
      }
      #expect(rig.reader.hangingTalks <= 2)
      if step % 100 == 99 { try await calm(rig, SimulatedCard.numbered(step, bytes: 300 + step)) }
    }
  }

  /// The faults end: everything must be well again, and nothing that was before may show.
  private func calm(_ rig: SimulatedRig, _ card: SimulatedCard) async throws {
    rig.readers.clearFaults()
    rig.readers.start()
    rig.readers.remove(reader: 0)
    rig.readers.remove(reader: 1)
    rig.readers.release()
    try await rig.settle(.empty)
    try await eventually("all threads are back") { rig.reader.hangingTalks == 0 }
    #expect(try await rig.photo() == nil)
    rig.readers.insert(SimulatedCard(.other), reader: 0)
    try await rig.settle(.present(.other))
    rig.readers.remove(reader: 0)
    rig.readers.insert(card, reader: 1)
    try await rig.settle(.present(.ktpEl))
    #expect(try await rig.photo() == card.photo)
    rig.readers.remove(reader: 1)
    try await rig.settle(.empty)
    #expect(rig.vault.population == 0)
  }
}
