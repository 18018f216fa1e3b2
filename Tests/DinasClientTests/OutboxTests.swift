import DinasClient
import DinasProtocol
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import dinas_simulator

@Suite("The outbox and the server", .timeLimit(.minutes(2)))
struct OutboxTests {
  private func item(
    _ id: String, stream: String = "s", _ body: String = #"{"screen":"home"}"#,
    at now: Timestamp
  ) -> OutboxItem {
    OutboxItem(
      id: id, kind: .staffCall, stream: stream, body: Array(body.utf8), createdAt: now)
  }

  /// The kiosk has news of its own to send beside those of a test.
  private func calls(_ simulator: RunningSimulator) async -> [String] {
    await simulator.dinas.received.reports.filter { $0.kind == .staffCall }.map(\.id)
  }

  @Test(
    "each item arrives once and in order, whatever became of the replies",
    arguments: Faults.Kind.allCases)
  func once(kind: Faults.Kind) async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      let now = rig.parts.clock.now.wall
      for number in 1...5 {
        try await rig.port.outbox.enqueue(item("i\(number)", at: now))
      }
      simulator.faults.spoilNext(4, kind)
      try await rig.whileServing {
        try await rig.passTime { try await rig.port.outbox.state().waiting == 0 }
      }
      #expect(
        await calls(simulator) == (1...5).map { "i\($0)" })
      #expect(try await rig.port.outbox.state().dead == 0)
    }
  }

  @Test("what the server refuses is dead and shown, and the others of its stream go on")
  func refused() async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      let now = rig.parts.clock.now.wall
      let outbox = rig.port.outbox
      // The server knows this key with another body.
      _ = try await client.port().send(item("a", #"{"screen":"other"}"#, at: now))
      for id in ["a", "b"] { try await outbox.enqueue(item(id, at: now)) }
      try await rig.whileServing {
        try await rig.passTime { try await outbox.state().waiting == 0 }
      }
      #expect(await calls(simulator) == ["a", "b"])
      let dead = try await outbox.dead(9)
      #expect(dead.map(\.id) == ["a"])
      #expect(dead.first?.reason.contains("409 conflict") == true)
    }
  }

  @Test("an item at which the server always fails holds its own stream only")
  func streams() async throws {
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client)
      let now = rig.parts.clock.now.wall
      let outbox = rig.port.outbox
      for (id, stream) in [("bad", "x"), ("after", "x"), ("other", "y")] {
        try await outbox.enqueue(item(id, stream: stream, at: now))
      }
      simulator.faults.spoil("bad")
      try await rig.whileServing {
        try await rig.passTime { try await outbox.state().waiting == 2 }
        #expect(await calls(simulator) == ["other"])
        simulator.faults.clear()
        try await rig.passTime { try await outbox.state().waiting == 0 }
      }
      #expect(await calls(simulator) == ["other", "bad", "after"])
    }
  }
}
