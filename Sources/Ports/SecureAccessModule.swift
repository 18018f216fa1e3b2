public import SensitiveMemory

/// The Dukcapil's secure access module (SAM), with which a KTP-el can be told from a copy of one. The
/// only thing in the kiosk that authenticates a card; a tap, a photo or a card's number never do.
/// Whose finger lies beside the card it does not say either.
public struct SecureAccessModule: Sendable {
  public enum State: Sendable, Equatable {
    /// The configuration names none.
    case off
    case ready
    /// No reader of that name, or no card in it.
    case missing
    /// What it opens with cannot be read; says which file and why, never what is in it.
    case noSecret(String)
    case serviceGone
  }

  /// Asked now, without opening the module.
  public var state: @Sendable () async -> State
  /// Has the module and the KTP-el on the reader prove themselves to each other and reads the card's
  /// biodata through both, into the vault, as the bytes they are: their layout is not public. Nil
  /// when no KTP-el is there. Whatever fails is thrown; a handle is there only when every step
  /// succeeded.
  public var readBiodata: @Sendable () async throws(PortError) -> SecretHandle?

  public init(
    state: @escaping @Sendable () async -> State,
    readBiodata: @escaping @Sendable () async throws(PortError) -> SecretHandle?
  ) {
    self.state = state
    self.readBiodata = readBiodata
  }

  public static let off = SecureAccessModule(
    state: { .off },
    readBiodata: { () async throws(PortError) in
      throw PortError(.notFound, step: "secure access module", detail: "none is configured")
    })
}

extension DeviceReport {
  public init(secureAccessModule state: SecureAccessModule.State) {
    let (word, advice): (String, Advice?) =
      switch state {
      case .off:
        ("off: none is configured, so a KTP-el proves nothing; citizens use their PIN", nil)
      case .ready: ("ready", nil)
      case .missing:
        (
          "off: no module in its reader",
          Advice(
            indonesian: "Pasang kartu SAM Dukcapil di slotnya, atau periksa nama pembacanya.",
            english: "Put the Dukcapil's SAM into its slot, or check its reader's name.")
        )
      case .noSecret(let why):
        (
          "off: \(why)",
          Advice(
            indonesian: "Pasang berkas rahasia SAM (hanya terbaca oleh pemiliknya).",
            english: "Put the SAM's secret files in place, readable by their owner alone.")
        )
      case .serviceGone:
        (
          "off: pcscd does not answer",
          Advice(indonesian: "Jalankan layanan pcscd.", english: "Start the service pcscd.")
        )
      }
    let words: Wording? =
      switch state {
      case .off:
        Wording(
          indonesian: "mati: tidak ada di konfigurasi; KTP-el tidak membuktikan apa pun",
          english: word)
      case .ready: Wording(indonesian: "siap", english: word)
      default: nil
      }
    self.init(
      name: "secure access module", found: state == .ready, state: word, words: words,
      advice: advice)
  }
}
