internal import CLinux
internal import CardSession
public import Ports
internal import SensitiveMemory

/// The module in its own reader or slot, beside the reader of the citizen's card.
public struct SecureAccess: Sendable {
  /// Twenty commands of each, the card's through the air; a real module computes in between.
  static let limit = Duration.seconds(15)
  static let secretBytes = 32

  private let cards: CardReader
  private let readerName: String
  private let secret: Secret

  /// What the module opens with; told by whoever knows the files, each time anew, so that it does not
  /// stay in memory.
  public typealias Secret = @Sendable () -> Result<[UInt8], SecretMissing>

  public struct SecretMissing: Error, Sendable {
    public let why: String
    public init(why: String) { self.why = why }
  }

  /// - Parameter reader: part of the name of the module's reader; `cards` leaves it alone.
  public init(cards: CardReader, reader: String, secret: @escaping Secret) {
    self.cards = cards
    readerName = reader
    self.secret = secret
  }

  public var port: SecureAccessModule {
    SecureAccessModule(
      state: { await state() },
      readBiodata: { () async throws(PortError) in try await readBiodata() })
  }

  private func state() async -> SecureAccessModule.State {
    switch secret() {
    case .failure(let missing): return .noSecret(missing.why)
    case .success(var bytes): Self.wipe(&bytes)
    }
    return await cards.hasCard(inReaderNamed: readerName)
  }

  private func readBiodata() async throws(PortError) -> SecretHandle? {
    let (secret, name, vault) = (self.secret, readerName, cards.vault)
    return try await cards.talkToKTPEl(
      limit: Self.limit, late: { vault.wipe($0) },
      body: {
        (context: borrowing SmartCardContext, card: borrowing SmartCard)
          throws(SmartCardError) in
        guard let reader = try context.readers(named: name).first else {
          throw SmartCardError("secure access module", answer: "no reader")
        }
        let module = try context.connect(reader)
        try module.begin()
        return try Self.run(card, module, secret, into: vault)
      })
  }

  private static func run(
    _ card: borrowing SmartCard, _ module: borrowing SmartCard, _ secret: Secret,
    into vault: SecretVault
  ) throws(SmartCardError) -> SecretHandle {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 258, alignment: 1)
    defer {
      unsafe clinux_wipe(buffer.baseAddress, buffer.count)
      unsafe buffer.deallocate()
    }
    var aside: [UInt8] = []
    aside.reserveCapacity(SecureAccessSequence.asideLimitBytes)
    defer { wipe(&aside) }
    guard let handle = try? vault.makeBulk(capacity: 4096) else {
      throw SmartCardError("SecretVault", answer: "no memory")
    }
    var isProved = false
    defer { if !isProved { vault.wipe(handle) } }
    var sequence = SecureAccessSequence()
    var step = sequence.first
    var last = 0
    while true {
      switch step {
      case .finished:
        isProved = true
        return handle
      case .refused(let step): throw SmartCardError("secure access module", answer: step)
      case .send(let target, let header, let body, let answerLimit):
        var command = header
        command.reserveCapacity(300)
        defer { wipe(&command) }
        func add(_ count: Int) {
          if !header.isEmpty { command.append(UInt8(truncatingIfNeeded: count)) }
        }
        switch body {
        case .none: break
        case .bytes(let bytes):
          add(bytes.count)
          command += bytes
        case .secret:
          guard case .success(var bytes) = secret() else {
            throw SmartCardError("secure access module", answer: "no secret")
          }
          defer { wipe(&bytes) }
          guard bytes.count == secretBytes else {
            throw SmartCardError("secure access module", answer: "no secret")
          }
          add(bytes.count)
          command += bytes
        case .aside:
          add(aside.count)
          command += aside
          wipe(&aside)
          aside.removeAll(keepingCapacity: true)
        case .lastAnswer, .wholeLastAnswer:
          add(last)
          unsafe command.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[0..<last]))
        }
        let length =
          switch target {
          case .card: try unsafe card.transmit(command, into: buffer)
          case .module: try unsafe module.transmit(command, into: buffer)
          }
        last = length - 2
        // What is longer than asked for is no answer to it.
        guard last <= max(answerLimit, 0) || answerLimit == 0 && last == 0 else {
          throw SmartCardError("secure access module", answer: "answer of another length")
        }
        let status = unsafe Int(buffer[last]) << 8 | Int(buffer[last + 1])
        let outcome = sequence.take(status: status, count: last) { unsafe buffer[$0] }
        if let keep = outcome.keep, !keep.isEmpty {
          guard keep.upperBound <= last,
            (try? unsafe vault.append(
              contentsOf: UnsafeRawBufferPointer(rebasing: buffer[keep]), to: handle)) == true
          else { throw SmartCardError("SecretVault", answer: "the session is over") }
        }
        if let more = outcome.aside {
          let count = (more.mark == nil ? 0 : 1) + more.bytes.count
          // Never more than was reserved: an array that grows leaves a copy behind.
          guard more.bytes.upperBound <= last, aside.count + count <= aside.capacity else {
            throw SmartCardError("secure access module", answer: "answer of another length")
          }
          if let mark = more.mark { aside.append(mark) }
          for index in more.bytes { unsafe aside.append(buffer[index]) }
        }
        step = outcome.next
      }
    }
  }

  /// Of one that is held here alone; another would keep its bytes.
  private static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe clinux_wipe($0.baseAddress, $0.count) }
  }
}
