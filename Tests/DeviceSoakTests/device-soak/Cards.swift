import ArgumentParser
import CardReading
import Crypto
import OfficeModel
import Ports
import SensitiveMemory

/// Takes: photo ID, hanging ID. Tells: reading READING at every change, photo ID SHA256 BYTES|none|error
/// CODE, took photo MICROSECONDS, hanging ID N.
struct Cards: ParsableCommand {
  @Option var lie: Lie?

  func run() throws {
    let vault = SecretVault()
    var limits = CardReader.Limits()
    // A card of the lab that hangs does so for ever: no use waiting long.
    limits.classify = .seconds(1)
    limits.photo = .milliseconds(1500)
    let reader = CardReader(vault: vault, limits: limits, events: EventPort { _ in })
    let port = reader.port
    let lie = lie
    Task {
      for await reading in port.changes() {
        Conversation.say("reading \(reading.word)")
        if lie == .reading, reading == .present(.ktpEl) { return }
      }
    }
    Conversation.run { words in
      switch (words[0], words.count) {
      case ("photo", 2):
        lie?.leak()
        let photo = await Self.photo(port, vault, lie)
        Conversation.say("photo \(words[1]) \(photo)")
      case ("hanging", 2): Conversation.say("hanging \(words[1]) \(reader.hangingTalks)")
      default: Conversation.say("unknown \(words[0])")
      }
    }
    reader.stop()
  }

  private static func photo(_ port: CardPort, _ vault: SecretVault, _ lie: Lie?) async -> String {
    do throws(PortError) {
      let began = ContinuousClock.now
      guard let handle = try await port.readPhoto() else { return "none" }
      Conversation.say("took photo \(began.duration(to: .now) / .microseconds(1))")
      defer { vault.wipe(handle) }
      var bytes = vault.withBytes(of: handle) { unsafe Array($0) } ?? []
      if lie == .photo, !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
      return "\(SHA256.hash(data: bytes).hexadecimal) \(bytes.count)"
    } catch {
      return "error \(error.code)"
    }
  }
}

extension OfficeModel.CardReading {
  fileprivate var word: String {
    switch self {
    case .noReader: "no-reader"
    case .empty: "empty"
    case .serviceGone: "service-gone"
    case .present(let kind): kind.rawValue
    }
  }
}
