import Glibc
import Synchronization

@testable import Printing

/// The simulated printer as the driver reaches it.
final class SimulatedTicketLink: TicketLink {
  private let printer: SimulatedTicketPrinter
  private let id: Int
  private var isOver = false
  let isSerial: Bool

  private typealias State = SimulatedTicketPrinter.State

  /// A call and what it takes of the network.
  private static let call = Duration.milliseconds(1)

  static func dial(_ printer: SimulatedTicketPrinter) -> TicketDial {
    { _, limit throws(LinkError) in try SimulatedTicketLink(printer, limit) }
  }

  var now: Duration { printer.now }

  private init(_ printer: SimulatedTicketPrinter, _ limit: Duration) throws(LinkError) {
    let made: (id: Int?, isSerial: Bool, code: Int32) = printer.state.withLock { state in
      state.pass(Self.call)
      if !state.machine.isSerial {
        guard state.isReachable else {
          state.pass(limit)
          return (nil, false, ETIMEDOUT)
        }
        guard state.isPowered else { return (nil, false, ECONNREFUSED) }
      }
      state.made += 1
      state.connections.append(.init(id: state.made))
      return (state.made, state.machine.isSerial, 0)
    }
    guard let id = made.id else { throw LinkError(call: "connect", code: made.code) }
    self.printer = printer
    self.id = id
    isSerial = made.isSerial
  }

  deinit { end(dropping: false) }
  func abandon() { end(dropping: true) }

  private func end(dropping: Bool) {
    guard !isOver else { return }
    isOver = true
    edit { connection in
      connection.isClosed = true
      if dropping { connection.wire = [] }
    }
    printer.pass(Self.call)
  }

  private func edit<Value: Sendable>(
    _ body: (inout SimulatedTicketPrinter.Connection) -> Value
  ) -> Value? {
    printer.state.withLock { state in
      guard let index = state.connections.firstIndex(where: { $0.id == id }) else { return nil }
      return body(&state.connections[index])
    }
  }

  func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness {
    func readiness(_ state: borrowing State) -> LinkReadiness {
      guard let mine = state.connections.first(where: { $0.id == id }), !mine.isBroken else {
        return LinkReadiness(canRead: toRead, canWrite: toWrite)
      }
      return LinkReadiness(
        canRead: toRead && !mine.answers.isEmpty,
        canWrite: toWrite && mine.wire.count < state.machine.wireSize)
    }
    return printer.state.withLock { state in
      state.pass(limit) { state in
        let now = readiness(state)
        return now.canRead || now.canWrite
      }
      return readiness(state)
    }
  }

  func send(_ bytes: ArraySlice<UInt8>) throws(LinkError) -> Int {
    let room = printer.state.withLock {
      (wire: $0.machine.wireSize, atOnce: $0.machine.sendAtMost)
    }
    let count = edit { connection -> Int? in
      guard !connection.isBroken else { return nil }
      let count = min(bytes.count, room.atOnce, room.wire - connection.wire.count)
      connection.wire += bytes.prefix(count)
      return count
    }
    printer.pass(Self.call)
    guard let count = count ?? nil else { throw LinkError(call: "write", code: EPIPE) }
    return count
  }

  func receive(atMost count: Int) throws(LinkError) -> [UInt8] {
    let heard = edit { connection -> [UInt8]? in
      guard !connection.isBroken else { return nil }
      defer { connection.answers.removeFirst(min(count, connection.answers.count)) }
      return Array(connection.answers.prefix(count))
    }
    guard let heard = heard ?? nil else { throw LinkError(call: "read", code: ECONNRESET) }
    return heard
  }
}
