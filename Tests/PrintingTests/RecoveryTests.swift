import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("Jobs of an earlier run", .serialized, .timeLimit(.minutes(3)))
struct RecoveryTests {
  @Test("one that waits for paper is cancelled and nothing came out of it; no other is touched")
  func waiting() async throws {
    try await withPrinter { rig in
      // A counter that never counted proves nothing by standing still.
      try await rig.lab.tell("attr printer-media-sheets-completed 4711")
      try await rig.lab.tell("reasons media-empty")
      let (first, second, later) = (rig, try rig.restarted(), try rig.restarted())
      let secondOrder = try second.order(PrinterRig.document(), jobKey: "job-0002")
      var other: PrintStep?
      let steps = try await first.print(try first.order(PrinterRig.document())) { step in
        guard step == .held(.mediaEmpty) else { return }
        async let behind = second.print(secondOrder) { step in
          guard step == .held(.mediaEmpty) else { return }
          #expect(await later.driver.port.reconcile("job-0002", 4711, 1) == .over(.notPrinted))
          #expect(await later.driver.port.reconcile("job-000", 4711, 1) == .over(.unknown))
        }
        other = try await behind.last
        try await rig.lab.tell("attr printer-media-sheets-completed 4712")
        try await rig.lab.tell("reasons none")
      }
      #expect(other == .ended(.notPrinted, fault: .mediaEmpty))
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await rig.jobs().map(\.state) == ["completed", "canceled"])
    }
  }

  @Test("one that came out is delivered by the printer's own evidence")
  func finished() async throws {
    try await withPrinter { rig in
      let before = await rig.driver.port.sheetCounter()
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps.last == .ended(.delivered, fault: nil))
      let later = try rig.restarted()
      #expect(await later.driver.port.reconcile("job-0001", before, 1) == .over(.delivered))
      #expect(try await rig.jobs().map(\.state) == ["completed"])
    }
  }

  @Test("where the printer hides names, one that is unfinished may be it")
  func nameless() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("names off")
      try await rig.lab.tell("reasons media-empty")
      let later = try rig.restarted()
      _ = try await rig.print(try rig.order(PrinterRig.document())) { step in
        guard step == .held(.mediaEmpty) else { return }
        #expect(await later.driver.port.reconcile("job-0001", nil, 1) == .unconfirmed)
        try await rig.lab.tell("reasons none")
      }
      #expect(await later.driver.port.reconcile("job-0001", nil, 1) == .over(.unknown))
    }
  }

  @Test(
    "a printer that forgot its jobs gives the number again: somebody else's page is not the kiosk's"
  )
  func numberAgain() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("names off")
      try await rig.lab.tell("slow 600")
      var isOff = false
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        guard step == .printing, !isOff else { return }
        isOff = true
        try await rig.lab.tell("power off")
        try await rig.lab.tell("slow 0.1")
        try await rig.lab.tell("power on anew")
      }
      #expect(isOff)
      #expect(steps.last == .ended(.unknown, fault: nil))
      #expect(try await rig.jobs().map(\.id) == [1, 1])
    }
  }

  @Test("one that the printer calls completed while its sheet counter stood still is unknown")
  func standsStill() async throws {
    try await withPrinter { rig in
      _ = try await rig.print(try rig.order(PrinterRig.document()))
      let after = try #require(await rig.driver.port.sheetCounter())
      let later = try rig.restarted()
      #expect(await later.driver.port.reconcile("job-0001", after, 1) == .over(.unknown))
    }
  }

  @Test("one that a printer forgot when it was switched off and on is unknown")
  func forgotten() async throws {
    try await withPrinter { rig in
      #expect(await rig.driver.port.reconcile("job-0001", nil, 1) == .over(.unknown))
    }
  }

  @Test("one that nobody can be asked about is not called over")
  func unreachable() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("offline")
      #expect(await rig.driver.port.reconcile("job-0001", nil, 1) == .unconfirmed)
      try await rig.lab.tell("online")
      #expect(await rig.driver.port.reconcile("job-0001", nil, 1) == .over(.unknown))
    }
  }

  @Test("the reference printer of CUPS, too, is asked by name until it has let go of a left job")
  func referencePrinter() async throws {
    try await withLab("start-ipp-printer") { lab in
      let rig = try PrinterRig(lab, unreachable: .seconds(3))
      let later = try rig.restarted()
      try await lab.tell("slow 5")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        guard step == .printing else { return }
        // It takes the request at once and ends the job when its page is done. It has no counter of
        // sheets, so nobody can say that nothing came out.
        #expect(await later.driver.port.reconcile("job-0001", nil, 1) == .over(.unknown))
      }
      #expect(steps.last == .ended(.unknown, fault: nil))
    }
  }
}
