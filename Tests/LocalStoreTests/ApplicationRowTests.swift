import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("Applications in the store")
struct ApplicationRowTests {
  private static func everyForm() throws -> [ApplicationStatus] {
    var all: [ApplicationStatus] = []
    let dates = [nil, CivilDate(year: 1969, month: 12, day: 31), Sample.today]
    for (index, step) in ApplicationStep.allCases.enumerated() {
      for condition in ApplicationCondition.allCases {
        for pickUp in PickUp.allCases {
          all.append(
            ApplicationStatus(
              serviceID: "ktp-el", product: "Akta “uji” \u{1F4C4}", holderMasked: "C*****",
              step: step, condition: condition, note: [nil, "", "catatan uji"][index % 3],
              receivedOn: Sample.today, dueOn: dates[index % 3], pickUp: pickUp))
        }
      }
    }
    return all
  }

  @Test("every application reads as it was written, and so does what was written as JSON before")
  func roundTrip() throws {
    for status in try Self.everyForm() {
      #expect(try ApplicationForm.status(ApplicationForm.bytes(status)) == status)
      #expect(try ApplicationForm.status(JSONEncoder().encode(status)) == status)
    }
  }

  @Test("what is cut off, too long or of another version is damage")
  func damage() throws {
    var status = Sample.status()
    status.note = "catatan uji"
    let whole = try ApplicationForm.bytes(status)
    let withoutNote = try ApplicationForm.bytes(Sample.status())
    // Cut off exactly before its note it is an application without one: only the seal tells.
    for count in 0..<whole.count where count != withoutNote.count {
      #expect(throws: PortError.self) { try ApplicationForm.status(whole.prefix(count)) }
    }
    var other = whole
    other[0] = 2
    for wrong in [whole + [0], other, Data("{}".utf8)] {
      let error = #expect(throws: PortError.self) { try ApplicationForm.status(wrong) }
      #expect(error?.code == .storageDamaged)
    }
  }

  @Test("starting over again drops again what no page named")
  func sweepsEveryGeneration() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let cache = store.port().cache
    for round in 1...3 {
      let key = LookupKey(value: String(repeating: "\(round)", count: 43))
      try await cache.apply(
        Sample.page(
          "a\(round)",
          applications: [.init(registration: key, nik: Sample.nik, status: Sample.status())]),
        Sample.now)
      #expect(try await cache.application(key, Sample.nik) == Sample.status())
      try await cache.startOver(Sample.now)
      try await cache.apply(Sample.page("b\(round)"), Sample.now)
      #expect(try await cache.application(key, Sample.nik) == nil)
    }
  }

  @Test("the journal stays small however much is written, without a pause")
  func journal() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let cache = store.port().cache
    let journal = folder.path + "/anjungan.sqlite-wal"
    var largest = 0
    for page in 0..<60 {
      let rows = (0..<500).map { row in
        // Spread over the table's index as keyed hashes are: every commit changes many pages.
        let number = (page * 500 + row) &* 2_654_435_761 % 4_294_967_296
        let key = LookupKey(value: String(format: "%043llu", number))
        return ChangesPage.Application(
          registration: key, nik: Sample.nik, status: Sample.status())
      }
      try await cache.apply(
        Sample.page("c\(page)", hasMore: true, applications: rows), Sample.now)
      let attributes = try FileManager.default.attributesOfItem(atPath: journal)
      largest = max(largest, attributes[.size] as? Int ?? 0)
    }
    // 2000 pages, and the largest commit on top.
    #expect(largest < 16 << 20)
    #expect(largest > 2 << 20)
  }
}
