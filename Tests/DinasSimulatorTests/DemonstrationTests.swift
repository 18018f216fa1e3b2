import DinasProtocol
import Foundation
import OfficeModel
import Testing

@testable import dinas_simulator

@Suite("The demonstration's people")
struct DemonstrationTests {
  static let data = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../kiosk-config/demonstration").standardized.path
  let now = Timestamp(seconds: 1_795_150_000)
  let secret: LookupSecret

  init() throws { secret = try LookupSecret(file: Array(0..<32)) }

  @Test("everybody is visibly invented: a region that does not exist, a name that says so")
  func invented() throws {
    let file = try LoadedOffice.read(Self.data).0
    #expect(file.citizens.count >= 8)
    for citizen in file.citizens {
      #expect(citizen.nik.hasPrefix("999999"))
      #expect(citizen.name.contains("REKAAN"))
      let day = try #require(Int(citizen.nik.dropFirst(6).prefix(2)))
      let month = try #require(Int(citizen.nik.dropFirst(8).prefix(2)))
      #expect((1...31).contains(day) || (41...71).contains(day))
      #expect((1...12).contains(month))
    }
  }

  @Test("every ending a citizen can meet can be played")
  func endings() throws {
    let office = try LoadedOffice(directory: Self.data, secret: secret, now: now)
    let today = LocalTime(now, in: .wita).date
    let statuses = office.applications.compactMap(\.status)
    #expect(statuses.contains { $0.step == .ready && $0.pickUp == .kiosk })
    #expect(statuses.contains { $0.condition == .returned && $0.note != nil })
    #expect(statuses.contains { $0.condition == .delayed && ($0.dueOn ?? today) < today })
    #expect(office.documents.contains { $0.offer.summary.isCard })
    #expect(office.documents.count { $0.bytes != nil } == 4)
    #expect(office.credentials.contains { $0.isExpired })
    let withSomething = Set(office.applications.map(\.nikKey))
    #expect(office.credentials.contains { !withSomething.contains($0.nikKey) })
  }

  @Test("days are counted from today, so the demonstration never ages")
  func relative() throws {
    let later = now.adding(.seconds(400 * 86_400))
    let first = try LoadedOffice(directory: Self.data, secret: secret, now: now)
    let second = try LoadedOffice(directory: Self.data, secret: secret, now: later)
    let received = first.applications[0].status?.receivedOn
    #expect(second.applications[0].status?.receivedOn == received?.adding(days: 400))
    #expect(first.generation != second.generation)
    // The documents themselves do not change with the day.
    #expect(
      first.documents.map(\.offer.sealed?.sha256) == second.documents.map(\.offer.sealed?.sha256))
  }

  @Test("nothing that leaves the Dinas names anybody")
  func maskedOnTheWire() async throws {
    let office = try LoadedOffice(directory: Self.data, secret: secret, now: now)
    let now = now
    let dinas = Dinas(office: office, clock: { now })
    let page = String(
      decoding: try Wire.encode(try await dinas.changes(since: nil, for: "uji-1")), as: UTF8.self)
    for citizen in try LoadedOffice.read(Self.data).0.citizens {
      #expect(!page.contains(citizen.nik))
      #expect(!page.contains(citizen.name))
      for application in citizen.applications ?? [] {
        #expect(!page.contains(application.registration))
      }
    }
    #expect(masked("BUDI SANTOSO") == "BUDI S•••••")
    #expect(masked("SITI") == "SITI")
  }

  @Test("the table for the terminal has everybody with NIK, PIN and registration")
  func table() throws {
    let file = try LoadedOffice.read(Self.data).0
    let table = CitizenTable.render(file)
    for citizen in file.citizens {
      #expect(table.contains(citizen.nik) && table.contains(citizen.shows))
      if let pin = citizen.pin { #expect(table.contains(pin)) }
      for document in citizen.documents ?? [] {
        if let pin = document.printPIN { #expect(table.contains(pin)) }
        if let scan = document.printQR { #expect(table.contains(scan)) }
      }
    }
  }

  @Test(
    "data that is not as it should be is refused with its place",
    arguments: [
      ("office: 7\ncitizens: []", "office"),
      ("citizens: []", "office"),
      ("office: {name: X, zone: WIB, tries: {limit: 0, lockMinutes: 1}}\ncitizens: []", "tries"),
      (
        "office: {name: X, zone: WIB, tries: {limit: 5, lockMinutes: 1}}\n"
          + "citizens: [{name: A, nik: '12', shows: x}]", "nik"
      ),
      (
        "office: {name: X, zone: WIB, tries: {limit: 5, lockMinutes: 1}}\n"
          + "citizens: [{name: A, nik: '9999991203900001', shows: x, documents: "
          + "[{id: d, kind: KK, file: ../x.pdf, readyDaysAgo: 0}]}]", "inside documents/"
      ),
      ("a: [", "citizens.yaml"),
      ("", "empty"),
      (
        "office: {name: X, zone: WIB, tries: {limit: 5, lockMinutes: 1}, "
          + "leases: {selectionMinutes: 5, advanceMinutes: 60}}\ncitizens: []",
        "selectionMinutes 10 to 1440"
      ),
      (
        "office: {name: X, zone: WIB, tries: {limit: 5, lockMinutes: 1}}\n"
          + "citizens:\n  - {name: A, nik: '9999991203900001', pin: '135790', shows: x, documents: "
          + "[{id: kk-uji, kind: KK, readyDaysAgo: 1, prints: 2, printPIN: '975310'}]}",
        "prints of kk-uji"
      ),
      (
        "office: {name: X, zone: WIB, tries: {limit: 5, lockMinutes: 1}}\n"
          + "citizens:\n  - {name: A, nik: '9999991203900001', shows: x}\n  - nmae: B",
        "citizens.yaml:4:5: unknown key nmae"
      ),
    ])
  func badData(yaml: String, named: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "dinas-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(yaml.utf8).write(to: folder.appending(path: "citizens.yaml"))
    do {
      _ = try LoadedOffice(directory: folder.path, secret: secret, now: now)
      Issue.record("bad data was taken")
    } catch {
      #expect("\(error)".contains(named), "\(error)")
    }
  }
}
