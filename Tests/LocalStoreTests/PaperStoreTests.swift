import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("What is remembered of paper")
struct PaperStoreTests {
  private func withStore(_ body: (StorePort) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    try await body(store.port())
    try store.close()
  }

  private func print(
    _ store: StorePort, _ number: Int, at printer: String, pages: Int, _ outcome: PrintOutcome,
    _ when: Timestamp = Sample.now
  ) async throws {
    let id = "doc-\(number)"
    let lease = PrintLease(id: "lease-\(number)", until: Sample.now.adding(.seconds(86_400)))
    try await store.cache.apply(
      Sample.page("c\(number)", documents: [Sample.document(id, lease: lease)]), Sample.now)
    let job = "job-\(number)"
    #expect(
      try await store.ledger.reserve(
        PrintReservation(
          jobKey: job, documentID: id, at: Sample.now, printer: printer, pages: pages)))
    try await store.ledger.submit(job, Sample.now)
    try await store.ledger.settle(job, outcome, when)
  }

  private func refill(_ printer: String, _ sheets: Int?, isEstimate: Bool = false) -> PaperRefill {
    PaperRefill(
      printer: printer, at: Sample.now, sheets: sheets, isEstimate: isEstimate, counter: 1204)
  }

  @Test("the last refill of a printer counts, and its prints since, however their clock went")
  func since() async throws {
    try await withStore { store in
      #expect(try await store.supplies.paper("utama", Sample.now).0 == nil)
      try await print(store, 1, at: "utama", pages: 9, .delivered)
      try await store.supplies.refill(refill("utama", 20), "staff:petugas-uji")
      try await store.supplies.refill(refill("utama", 200), "staff:petugas-uji")
      try await store.supplies.refill(refill("cadangan", nil, isEstimate: true), "kiosk")
      try await print(
        store, 2, at: "utama", pages: 3, .delivered, Sample.now.adding(.seconds(-9000)))
      // May lie in the tray of what came out.
      try await print(store, 3, at: "utama", pages: 2, .unknown)
      try await print(store, 4, at: "utama", pages: 7, .notPrinted)
      try await print(store, 5, at: "cadangan", pages: 4, .delivered)
      let (first, recent) = try await store.supplies.paper("utama", Sample.now)
      var expected = refill("utama", 200)
      expected.printed = 5
      #expect(first == expected)
      #expect(recent == RecentPrints(documents: 3, sheets: 16))
      let second = try #require(try await store.supplies.paper("cadangan", Sample.now).0)
      #expect(second.sheets == nil && second.isEstimate && second.printed == 4)
    }
  }

  @Test("what staff find not to have come out is in the tray again, unless it was filled since")
  func givenBack() async throws {
    try await withStore { store in
      func printed() async throws -> Int? {
        try await store.supplies.paper("utama", Sample.now).0?.printed
      }
      func find(_ number: Int, _ finding: PrintFinding) async throws {
        try await store.ledger.settleByStaff(
          StaffSettlement(
            jobKey: "job-\(number)", finding: finding, staff: "petugas-uji", at: Sample.now))
      }
      try await store.supplies.refill(refill("utama", 200), "staff:petugas-uji")
      for number in 1...4 { try await print(store, number, at: "utama", pages: number, .unknown) }
      #expect(try await printed() == 10)
      try await find(1, .handedOver)
      try await find(2, .destroyed)
      #expect(try await printed() == 10)
      try await find(3, .nothingCameOut)
      #expect(try await printed() == 7)
      var later = refill("utama", 150)
      later.at = Sample.now.adding(.seconds(60))
      try await store.supplies.refill(later, "staff:petugas-uji")
      try await print(store, 5, at: "utama", pages: 5, .delivered, later.at)
      try await find(4, .nothingCameOut)
      #expect(try await printed() == 5)
    }
  }

  @Test("prints of more than four weeks ago have no part in the mean")
  func old() async throws {
    try await withStore { store in
      try await print(store, 1, at: "utama", pages: 9, .delivered)
      let later = Sample.now.adding(.seconds(28 * 86_400 - 1))
      #expect(try await store.supplies.paper("utama", later).1.documents == 1)
      let after = Sample.now.adding(.seconds(28 * 86_400))
      #expect(try await store.supplies.paper("utama", after).1 == RecentPrints())
    }
  }

  @Test("who filled what is on the record")
  func record() async throws {
    try await withStore { store in
      try await store.supplies.refill(refill("utama", 200), "staff:petugas-uji")
      try await store.supplies.refill(refill("utama", 250, isEstimate: true), "kiosk")
      try await store.supplies.refill(refill("cadangan", nil, isEstimate: true), "kiosk")
      let entries = try await store.audit.page(0, 10).map(\.entry)
      #expect(entries.allSatisfy { $0.what == .paperFilled && $0.at == Sample.now })
      #expect(entries.map(\.who) == ["staff:petugas-uji", "kiosk", "kiosk"])
      #expect(entries.map(\.subject) == ["utama", "utama", "cadangan"])
      #expect(entries.map(\.result) == ["200", "estimate-250", "estimate-unknown"])
    }
  }

  @Test("refills do not pile up")
  func bounded() async throws {
    try await withStore { store in
      for sheets in 1...70 { try await store.supplies.refill(refill("utama", sheets), "kiosk") }
      #expect(try await store.supplies.paper("utama", Sample.now).0?.sheets == 70)
    }
  }
}
