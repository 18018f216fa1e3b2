import Glibc
import Synchronization
import TicketPaper

@testable import Printing

/// A ticket printer in a simulated time that passes only while it is waited for: its paper, its buffer
/// and its answers, driven by the production driver through `SimulatedTicketLink`.
final class SimulatedTicketPrinter: Sendable {
  struct Machine: Sendable {
    /// Behind a serial line, which knows no connections.
    var isSerial = false
    /// Obeys DLE DC4 8.
    var clears = true
    var bufferSize = 4096
    /// What the kernel takes for it.
    var wireSize = 100_000
    /// For sixty-four bytes to become paper.
    var pieceTime = Duration.milliseconds(3)
    /// The kernel takes so many bytes at once.
    var sendAtMost = 4096
    /// Answers for a slip before it has printed it, as no printer should.
    var confirmsEarly = false
    /// Its sensor tells that the paper is out, and stops nothing.
    var goesOnWithoutPaper = false
  }

  /// A connection, or somebody who has the serial line open.
  struct Connection {
    var id: Int
    var wire: ArraySlice<UInt8> = []
    var answers: [UInt8] = []
    var isClosed = false
    /// Reset by the printer: its end is seen at the next call.
    var isBroken = false
    var isAutomatic = false
  }

  struct State {
    var now = Duration.zero
    var machine: Machine
    var schedule: [(at: Duration, change: @Sendable (inout State) -> Void)] = []
    var isPaperOut = false, isPaperLow = false, isCoverOpen = false, isPanelOff = false
    var isCutterStuck = false, isBladeJammed = false, isFatal = false, isHot = false
    var isPowered = true, isReachable = true, isHanging = false
    /// The next confirmation, or the next answer to a question, is lost.
    var isNextConfirmationLost = false, isNextAnswerLost = false
    /// The connection is reset after so many more bytes.
    var resetAfter: Int?
    var connections: [Connection] = []
    var made = 0
    var buffer: ArraySlice<UInt8> = []
    var pieceLeft: Duration?
    var commands = SlipCommands()
    var paper = SlipPaper()
  }

  let state: Mutex<State>
  init(_ machine: Machine) { state = Mutex(State(machine: machine)) }

  var now: Duration { state.withLock { $0.now } }
  var paper: SlipPaper { state.withLock { $0.paper } }
  func pass(_ duration: Duration) { state.withLock { $0.pass(duration) } }

  /// The fault comes so long from now, and its cause goes after as long again.
  func failNext(_ fault: TicketFault, after: Duration, lasting: Duration) {
    state.withLock { state in
      let at = state.now + after
      state.plan(at: at) { fault.begin(&$0) }
      state.plan(at: at + lasting) { fault.end(&$0) }
    }
  }

  /// Whatever is wrong is mended, and nothing more goes wrong.
  func mend() {
    state.withLock { state in
      state.schedule = []
      for fault in TicketFault.allCases { fault.end(&state) }
      state.isNextConfirmationLost = false
      state.isNextAnswerLost = false
      state.resetAfter = nil
    }
  }
}

// MARK: The mechanism

extension SimulatedTicketPrinter.State {
  mutating func plan(at moment: Duration, _ change: @escaping @Sendable (inout Self) -> Void) {
    schedule.insert(
      (moment, change), at: schedule.firstIndex { $0.at > moment } ?? schedule.endIndex)
  }

  // Without || and &&, whose closures would each copy the whole state in a debug build.
  var isBlocked: Bool {
    let lacksPaper = if isPaperOut, !machine.goesOnWithoutPaper { true } else { false }
    return if !lacksPaper, !isCoverOpen, !isPanelOff, !isCutterStuck, !isFatal, !isHot {
      false
    } else {
      true
    }
  }
  private var isAlive: Bool { if isPowered, !isHanging { true } else { false } }

  /// Lets time pass until the end, or until something that somebody waits for is true.
  mutating func pass(_ duration: Duration, until isDone: (borrowing Self) -> Bool = { _ in false })
  {
    let end = now + duration
    while true {
      takeIn()
      if isAlive, !isBlocked, pieceLeft == nil, !buffer.isEmpty { pieceLeft = machine.pieceTime }
      guard now < end, !isDone(self) else { return }
      var next = end
      if let first = schedule.first?.at { next = min(next, first) }
      let isPrinting = isAlive && !isBlocked
      if isPrinting, let left = pieceLeft { next = min(next, now + left) }
      if isPrinting, let left = pieceLeft { pieceLeft = left - (next - now) }
      now = next
      if pieceLeft == .zero {
        pieceLeft = nil
        printPiece()
      }
      while let first = schedule.first, first.at <= now {
        schedule.removeFirst()
        let before = automaticStatus
        first.change(&self)
        if automaticStatus != before { tellStatus() }
      }
    }
  }

  private mutating func printPiece() {
    let piece = buffer.prefix(64)
    buffer = buffer.dropFirst(64)
    for command in commands.take(piece) {
      if SlipCommands.isOnPaper(command), !isPaperOut { paper.add(command) }
      guard command.first == 0x1D, command.count > 2 else { continue }
      if command[1] == 0x72 {
        if isNextConfirmationLost {
          isNextConfirmationLost = false
        } else {
          answer([(isPaperLow ? 3 : 0) | (isPaperOut ? 12 : 0)])
        }
      }
      if command[1] == 0x61, !connections.isEmpty {
        connections[0].isAutomatic = command[2] != 0
        if connections[0].isAutomatic { tellStatus() }
      }
    }
  }

  /// To whoever is connected now.
  mutating func answer(_ bytes: [UInt8]) {
    guard isAlive, isReachable, !connections.isEmpty else { return }
    connections[0].answers += bytes
  }

  private mutating func tellStatus() {
    if connections.first?.isAutomatic == true { answer(automaticStatus) }
  }

  private var automaticStatus: [UInt8] {
    [
      0x10 | (isBlocked ? 0x08 : 0) | (isCoverOpen ? 0x20 : 0),
      (isCutterStuck ? 0x08 : 0) | (isFatal ? 0x20 : 0) | (isHot ? 0x40 : 0),
      (isPaperLow || isPaperOut ? 0x03 : 0) | (isPaperOut ? 0x0C : 0), 0,
    ]
  }

  private func realtime(_ kind: UInt8) -> UInt8 {
    switch kind {
    case 1: 0x12 | (isBlocked ? 0x08 : 0)
    case 2:
      0x12 | (isCoverOpen ? 0x04 : 0) | (isPaperOut ? 0x20 : 0)
        | (isCutterStuck || isFatal || isHot ? 0x40 : 0)
    case 3: 0x12 | (isCutterStuck ? 0x08 : 0) | (isFatal ? 0x20 : 0) | (isHot ? 0x40 : 0)
    default: 0x12 | (isPaperLow || isPaperOut ? 0x0C : 0) | (isPaperOut ? 0x60 : 0)
    }
  }

  // MARK: What comes in

  /// Takes what the buffer has room for; what is asked in real time is answered at once, wherever it
  /// stands. One connection at a time; the next when all of a closed one was taken.
  private mutating func takeIn() {
    guard isReachable, isAlive else { return }
    while !connections.isEmpty {
      while let byte = connections[0].wire.first, !connections[0].isBroken {
        if byte == 0x10, let count = realtimeCommand() {
          connections[0].wire = connections[0].wire.dropFirst(count)
          passed(count)
          continue
        }
        let room = machine.bufferSize - buffer.count
        guard room > 0 else { break }
        let wire = connections[0].wire
        let taken = Self.untilDLE(wire.prefix(min(room, resetAfter ?? room)))
        buffer += taken
        if machine.confirmsEarly,
          taken.indices.contains(where: { taken[$0...].starts(with: ESCPOSEncoder.confirmation) })
        {
          answer([0])
        }
        connections[0].wire = wire.dropFirst(taken.count)
        passed(taken.count)
      }
      guard connections[0].isClosed, connections[0].wire.isEmpty || connections[0].isBroken else {
        return
      }
      connections.removeFirst()
    }
  }

  /// The first byte and those up to the next that may begin a question. By memchr: nothing is done more
  /// often.
  private static func untilDLE(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress, raw.count > 1,
        let found = memchr(base + 1, 0x10, raw.count - 1)
      else { return bytes }
      return bytes.prefix(UnsafeRawPointer(found) - base)
    }
  }

  private mutating func passed(_ bytes: Int) {
    guard let left = resetAfter else { return }
    resetAfter = left - bytes
    guard left <= bytes else { return }
    resetAfter = nil
    breakConnections()
  }

  mutating func breakConnections() {
    guard !machine.isSerial else { return }
    for index in connections.indices {
      connections[index].isBroken = true
      connections[index].wire = []
      connections[index].answers = []
    }
  }

  /// The length of a command that is obeyed the moment it arrives; nil when there is none.
  private mutating func realtimeCommand() -> Int? {
    let head = Array(connections[0].wire.prefix(ESCPOSRescue.clearBuffers.count))
    guard head.count >= 3 else { return nil }
    switch head[1] {
    case 0x04:
      if isNextAnswerLost { isNextAnswerLost = false } else { answer([realtime(head[2])]) }
      return 3
    case 0x05:
      if isCutterStuck, !isBladeJammed {
        isCutterStuck = false
        forget()
        tellStatus()
      }
      return 3
    case 0x14 where machine.clears && head == ESCPOSRescue.clearBuffers:
      forget()
      answer(ESCPOSRescue.cleared)
      return head.count
    default: return nil
    }
  }

  /// What it has taken and not printed; half a command with it.
  mutating func forget() {
    buffer = []
    pieceLeft = nil
    commands.reset()
  }
}
