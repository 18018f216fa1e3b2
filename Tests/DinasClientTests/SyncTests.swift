import DinasClient
import DinasProtocol
import Journey
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@testable import dinas_simulator

@Suite("The cache follows the server, whatever lies between", .timeLimit(.minutes(2)))
struct SyncTests {
  @Test("a first fill of several pages, what changed since, and what is gone")
  func fill() async throws {
    try await RunningSimulator.with { simulator, client in
      await simulator.dinas.invent(1200)
      let rig = try SyncRig(simulator, client)
      try await rig.whileServing {
        try await rig.passTime { try await rig.agrees() }
        let first = try await rig.cursor
        await simulator.dinas.invent(40)
        try await rig.passTime { try await rig.agrees() }
        #expect(try await rig.cursor != first)
        let budi = simulator.nik("9999991203900001")
        #expect(try await rig.port.cache.documents(budi).count == 1)
        _ = try await simulator.dinas.receive(
          KioskReport(
            id: "p1", at: simulator.clock.now,
            content: .printOutcome(documentID: "kk-budi", jobKey: "j1", outcome: .delivered)))
        try await rig.passTime { try await rig.port.cache.documents(budi).isEmpty }
        #expect(try await rig.agrees())
      }
    }
  }

  @Test(
    "a page that fails changes nothing, and the next one goes on", arguments: Faults.Kind.allCases)
  func faults(kind: Faults.Kind) async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      try await rig.whileServing { try await rig.passTime { try await rig.agrees() } }
      let before = try await rig.cursor
      await simulator.dinas.invent(700)
      simulator.faults.spoilNext(6, kind)
      try await rig.whileServing {
        _ = await rig.parts.events.first { $0.name == "sync.failed" }
        #expect(try await rig.cursor == before)
        try await rig.passTime { try await rig.agrees() }
      }
      // Some of the six may have met the outbox.
      #expect(rig.parts.events.all.count { $0.name == "sync.failed" } >= 2)
    }
  }

  @Test("a first fill that breaks off goes on where it was")
  func brokenFill() async throws {
    try await RunningSimulator.with { simulator, client in
      await simulator.dinas.invent(1200)
      let rig = try SyncRig(simulator, client)
      // One page, then the cable.
      let page = try await client.port().fetchChanges(nil)
      try await rig.port.cache.apply(page, simulator.clock.now)
      await simulator.server.turnOff()
      try await rig.whileServing {
        _ = await rig.told.first { $0 == .facts(.server(reachable: false)) }
        #expect(try await rig.cursor == nil)
        try await simulator.server.turnOn()
        try await rig.passTime { try await rig.agrees() }
      }
    }
  }

  @Test("a cursor that the server no longer knows: the old answers until the new are whole")
  func expired() async throws {
    try await RunningSimulator.with { simulator, client in
      await simulator.dinas.invent(600)
      let rig = try SyncRig(simulator, client)
      let invented = InventedApplications.row(
        599, round: 0, today: LocalTime(simulator.clock.now, in: .wita).date)
      try await rig.whileServing {
        try await rig.passTime { try await rig.knows(invented) }
        // Another journal, without the invented ones; its first page cannot be had.
        simulator.faults.spoilNext(1000, .error)
        try await simulator.dinas.clear()
        try await rig.passTime { rig.parts.events.all.contains { $0.name == "sync.failed" } }
        #expect(try await rig.knows(invented))
        simulator.faults.clear()
        try await rig.passTime { try await rig.agrees() }
        #expect(try await !rig.knows(invented))
      }
    }
  }

  @Test("a server that was set back to a backup is noticed, also when it has gone on since")
  func backwards() async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      let today = LocalTime(simulator.clock.now, in: .wita).date
      try await rig.whileServing {
        try await rig.passTime { try await rig.agrees() }
        await simulator.dinas.backUp()
        await simulator.dinas.invent(30)
        try await rig.passTime { try await rig.agrees() }
        #expect(try await simulator.dinas.restore())
        // The same numbers of change again, of other things.
        await simulator.dinas.invent(40)
        try await rig.passTime { try await rig.agrees() }
        #expect(try await rig.knows(InventedApplications.row(39, round: 0, today: today)))
        await simulator.dinas.backUp()
        #expect(try await simulator.dinas.restore())
        try await rig.passTime { try await rig.agrees() }
      }
    }
  }

  @Test("what the office tells counts at once, and the configuration again when it tells nothing")
  func office() async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      let always = try #require(OfficeCalendar.Interval(opens: 0, closes: 1440))
      let hours = OfficeHours(
        regular: .init(Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [always]) })),
        shown: ["Setiap hari"])
      var service = SyncRig.service
      service.id = "akta"
      service.series = "C"
      let today = LocalTime(rig.parts.clock.now.wall, in: .wita).date
      let closure = OfficeCalendar.Closure(
        period: try #require(.init(first: today, last: today)), kind: .special, reason: "Uji")
      let news = OfficeNews(
        services: [SyncRig.service, service], hours: hours, closures: [],
        announcements: [Announcement(id: "a1", text: "Pengumuman contoh")])
      try await rig.whileServing {
        await simulator.dinas.tell(news)
        let facts = OfficeFacts(
          services: [SyncRig.service, service], openingHours: ["Setiap hari"],
          announcements: [Announcement(id: "a1", text: "Pengumuman contoh")])
        try await rig.passTime { rig.told.all.contains(.facts(.office(facts))) }
        #expect(try await rig.port.cache.office() == news)

        await simulator.dinas.tell(OfficeNews(closures: [closure]))
        try await rig.passTime {
          try await rig.port.cache.office().closures == [closure]
        }
        rig.runner.run(
          .issueTicket(SessionID(1), TicketOrder(serviceID: "akta", lane: .general)))
        let answer = await rig.told.first { action in
          if case .answer(SessionID(1), .ticketRefused) = action { true } else { false }
        }
        #expect(answer != nil)

        try await simulator.dinas.clear()
        try await rig.passTime { try await rig.agrees() }
        let configured = OfficeFacts(
          services: [SyncRig.service], openingHours: ["Senin-Jumat 08.00-15.00"],
          announcements: try await rig.port.cache.office().announcements ?? [])
        try await rig.passTime {
          rig.told.all.last { action in
            if case .facts(.office) = action { true } else { false }
          } == .facts(.office(configured))
        }
      }
    }
  }
}
