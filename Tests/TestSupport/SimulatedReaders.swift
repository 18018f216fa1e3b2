public import CardReading
import Foundation

/// pcscd with readers and cards, simulated: as fast as the processor, with the faults that were seen
/// on the real one. The production driver runs on its `platform`.
public final class SimulatedReaders: @unchecked Sendable {
  /// What can go wrong with the next call that it fits. The list is closed: each was seen on pcscd
  /// 1.9.9 (see Documentation/Devices.md).
  public enum Fault: String, CaseIterable, Sendable {
    /// SCardConnect: another program has the card for itself.
    case sharingViolation
    /// SCardConnect: there, but without power.
    case unpowered
    /// SCardTransmit: the card went before the command.
    case notTransacted
    /// SCardTransmit: another program has reset the card.
    case resetCard
    /// SCardTransmit: success without a byte, the card went while it answered.
    case emptyAnswer
    case oneByte
    case garbage
    /// SCardTransmit: the length is larger than the buffer.
    case insufficientBuffer
    /// SCardTransmit: refused by the card.
    case securityStatus
    /// SCardTransmit: nothing comes back until the card goes or `release` is called.
    case hang
    /// As `hang`, and the card's removal does not end it: only `release` does.
    case stuckForGood
    /// Any call: pcscd has gone just then. `start` brings it back.
    case serviceDies
    /// SCardListReaders, SCardGetStatusChange: a reader was unplugged in between.
    case unknownReader
    /// SCardEstablishContext: no memory, no threads.
    case noContext
  }

  private struct Slot {
    var card: SimulatedCard?
    var events: UInt = 0
    var selection = SimulatedCard.Selection()
    /// A transmit to this stay of the card hangs.
    var hangs = 0

    var state: UInt {
      let flags: UInt =
        switch card?.kind {
        case nil: ReaderFlags.empty
        case .mute: ReaderFlags.present | ReaderFlags.mute
        case .ktpEl, .other: ReaderFlags.present
        }
      return flags | (events & 0xFFFF) << ReaderFlags.countShift
    }
  }

  private struct Handle {
    var context: Int
    var reader: String
    /// The slot's events when it was connected.
    var events: UInt
  }

  // All below is touched only between lock and unlock of `condition`.
  private let condition = NSCondition()
  private var slots: [(name: String, slot: Slot)]
  private var isRunning = true
  private var contexts: Set<Int> = []
  private var cancelled: Set<Int> = []
  private var cards: [Int: Handle] = [:]
  private var next = 1
  private var faults: [Fault] = []
  private var releases = 0
  private var chance: SeededChance

  public init(readers: [String] = ["Simulated Reader 00 00"], seed: UInt64 = 1) {
    slots = readers.map { ($0, Slot()) }
    chance = SeededChance(seed: seed)
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  private func change(_ body: () -> Void) {
    locked(body)
    condition.broadcast()
  }

  // MARK: What a test does

  public func insert(_ card: SimulatedCard, reader: Int = 0) {
    change {
      slots[reader].slot.card = card
      slots[reader].slot.events += 1
      slots[reader].slot.hangs = 0
      slots[reader].slot.selection = .init()
    }
  }

  public func remove(reader: Int = 0) {
    change {
      guard slots[reader].slot.card != nil else { return }
      slots[reader].slot.card = nil
      slots[reader].slot.events += 1
      slots[reader].slot.hangs = 0
    }
  }

  /// One card for another, so fast that only the counter shows it.
  public func swap(_ card: SimulatedCard, reader: Int = 0) {
    change {
      slots[reader].slot.card = card
      slots[reader].slot.events += 2
      slots[reader].slot.hangs = 0
      slots[reader].slot.selection = .init()
    }
  }

  /// Sets the counter that has 16 bits.
  public func setEvents(_ count: UInt, reader: Int = 0) {
    change { slots[reader].slot.events = count }
  }

  public func setReaders(_ names: [String]) {
    change { slots = names.map { name in slots.first { $0.name == name } ?? (name, Slot()) } }
  }

  public func kill() { change { die() } }
  public func start() { change { isRunning = true } }

  /// The fault strikes the next call that it fits.
  public func failNext(_ fault: Fault) { locked { faults.append(fault) } }
  /// Faults that have not struck yet.
  public var pendingFaults: [Fault] { locked { faults } }
  public func clearFaults() { change { faults = [] } }

  /// Lets hanging transmits go on.
  public func release() {
    change {
      releases += 1
      for index in slots.indices { slots[index].slot.hangs = 0 }
    }
  }

  /// Contexts and cards that nobody has let go.
  public var openHandles: (contexts: Int, cards: Int) { locked { (contexts.count, cards.count) } }

  // MARK: What the driver calls

  public var platform: SmartCardPlatform {
    SmartCardPlatform(
      establish: { self.establish() },
      release: { context in
        self.change {
          self.contexts.remove(context)
          self.cards = self.cards.filter { $0.value.context != context }
        }
      },
      cancel: { context in self.change { self.cancelled.insert(context) } },
      listReaders: { self.listReaders($0) },
      waitForChange: { self.waitForChange($0, $1) },
      connect: { self.connect($0, $1) },
      begin: { card in self.locked { self.code(of: card) } },
      transmit: { card, _, command, answer in self.transmit(card, command, answer) },
      disconnect: { card in self.locked { self.cards[card] = nil } })
  }

  private enum Code {
    static let cancelled = 0x8010_0002
    static let invalidHandle = 0x8010_0003
    static let noMemory = 0x8010_0006
    static let insufficientBuffer = 0x8010_0008
    static let unknownReader = 0x8010_0009
    static let sharingViolation = 0x8010_000B
    static let noSmartCard = 0x8010_000C
    static let commError = 0x8010_0013
    static let notTransacted = 0x8010_0016
    static let noService = 0x8010_001D
    static let noReaders = 0x8010_002E
    static let unpowered = 0x8010_0067
    static let reset = 0x8010_0068
    static let removed = 0x8010_0069
  }

  private func die() {
    isRunning = false
    contexts = []
    cards = [:]
    for index in slots.indices {
      slots[index].slot.events = 0
      slots[index].slot.hangs = 0
    }
  }

  /// Takes the fault if it is one of these.
  private func strikes(_ wanted: Fault...) -> Fault? {
    guard let index = faults.firstIndex(where: wanted.contains) else { return nil }
    let fault = faults.remove(at: index)
    if fault == .serviceDies {
      die()
      condition.broadcast()
    }
    return fault
  }

  private func establish() -> (code: Int, context: Int) {
    locked {
      guard isRunning else { return (Code.noService, 0) }
      switch strikes(.noContext, .serviceDies) {
      case .noContext: return (Code.noMemory, 0)
      case .some: return (Code.noService, 0)
      case nil: break
      }
      next += 1
      contexts.insert(next)
      return (0, next)
    }
  }

  /// Nil when the context may be used.
  private func problem(_ context: Int) -> Int? {
    guard isRunning else { return Code.noService }
    return contexts.contains(context) ? nil : Code.invalidHandle
  }

  private func listReaders(_ context: Int) -> (code: Int, names: [UInt8]) {
    locked {
      if let problem = problem(context) { return (problem, []) }
      if slots.isEmpty { return (Code.noReaders, []) }
      return (0, slots.flatMap { Array($0.name.utf8) + [0] })
    }
  }

  private func waitForChange(
    _ context: Int, _ known: [SmartCardPlatform.ReaderState]
  ) -> (code: Int, states: [UInt]) {
    locked {
      if let problem = problem(context) { return (problem, []) }
      while true {
        if !isRunning { return (Code.commError, []) }
        if !contexts.contains(context) { return (Code.invalidHandle, []) }
        if cancelled.remove(context) != nil { return (Code.cancelled, []) }
        switch strikes(.unknownReader, .serviceDies) {
        case .unknownReader: return (Code.unknownReader, [])
        case .some: return (Code.commError, [])
        case nil: break
        }
        var states: [UInt] = []
        for reader in known {
          guard let slot = slots.first(where: { $0.name == reader.reader })?.slot else {
            return (Code.unknownReader, [])
          }
          states.append(slot.state | (slot.state == reader.state ? 0 : ReaderFlags.changed))
        }
        if states.contains(where: { $0 & ReaderFlags.changed != 0 }) { return (0, states) }
        condition.wait()
      }
    }
  }

  private func index(_ reader: String) -> Int? { slots.firstIndex { $0.name == reader } }

  private func connect(_ context: Int, _ reader: String) -> (code: Int, card: Int, protocol: UInt) {
    locked {
      // As on the real one: a connect waits for a transmit to that reader.
      while isRunning, let found = index(reader), slots[found].slot.hangs > 0 { condition.wait() }
      if let problem = problem(context) { return (problem, 0, 0) }
      guard let found = index(reader) else { return (Code.unknownReader, 0, 0) }
      guard let card = slots[found].slot.card else { return (Code.noSmartCard, 0, 0) }
      guard card.kind != .mute else { return (Code.unpowered, 0, 0) }
      switch strikes(.sharingViolation, .unpowered, .serviceDies) {
      case .sharingViolation: return (Code.sharingViolation, 0, 0)
      case .unpowered: return (Code.unpowered, 0, 0)
      case .some: return (Code.noService, 0, 0)
      case nil: break
      }
      next += 1
      cards[next] = Handle(context: context, reader: reader, events: slots[found].slot.events)
      return (0, next, 2)
    }
  }

  /// 0 when the card is there that was connected to.
  private func code(of card: Int) -> Int {
    guard isRunning else { return Code.noService }
    guard let handle = cards[card], contexts.contains(handle.context) else {
      return Code.invalidHandle
    }
    guard let found = index(handle.reader) else { return Code.unknownReader }
    return slots[found].slot.events == handle.events ? 0 : Code.removed
  }

  private func transmit(
    _ card: Int, _ command: [UInt8], _ answer: UnsafeMutableRawBufferPointer
  ) -> (code: Int, length: Int) {
    condition.lock()
    defer { condition.unlock() }
    let problem = code(of: card)
    guard problem == 0, let handle = cards[card], let found = index(handle.reader) else {
      return (problem, 0)
    }
    let fault = strikes(
      .notTransacted, .resetCard, .emptyAnswer, .oneByte, .garbage, .insufficientBuffer,
      .securityStatus, .hang, .stuckForGood, .serviceDies)
    switch fault {
    case .notTransacted: return (Code.notTransacted, 0)
    case .resetCard:
      slots[found].slot.selection = .init()
      return (Code.reset, 0)
    case .emptyAnswer: return (0, 0)
    case .insufficientBuffer: return (Code.insufficientBuffer, answer.count + 300)
    case .serviceDies: return (Code.noService, 0)
    case .hang, .stuckForGood:
      slots[found].slot.hangs += 1
      let begun = releases
      while isRunning, releases == begun, fault == .stuckForGood || code(of: card) == 0 {
        condition.wait()
      }
      let now = code(of: card)
      if now != 0 { return (now, 0) }
    default: break
    }
    var bytes =
      slots[found].slot.card?.answer(command, &slots[found].slot.selection) ?? [0x6F, 0x00]
    switch fault {
    case .oneByte: bytes = [0x90]
    case .garbage:
      bytes = (0..<Int.random(in: 2...64, using: &chance)).map { _ in
        UInt8.random(in: .min ... .max, using: &chance)
      }
    case .securityStatus: bytes = [0x69, 0x82]
    default: break
    }
    guard bytes.count <= answer.count else { return (Code.insufficientBuffer, bytes.count) }
    answer.copyBytes(from: bytes)
    return (0, bytes.count)
  }
}

/// Chance that repeats itself with its seed (SplitMix64).
public struct SeededChance: RandomNumberGenerator, Sendable {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
