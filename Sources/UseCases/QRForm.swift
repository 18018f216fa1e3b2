internal import SensitiveMemory

/// What a scanned code must look like to be one of the Dinas. Whatever else is held before the scanner
/// (a ticket, a shop's code) is neither judged nor sent.
public struct QRForm: Sendable {
  /// Bytes. A shorter payload could hold too little chance to be judged without counting tries.
  static let shortest = 16

  /// What the Dinas' codes begin with; empty: with anything.
  public var prefixes: [String]

  public init(prefixes: [String] = []) { self.prefixes = prefixes }

  func fits(_ payload: SecretHandle, in vault: SecretVault) -> Bool {
    unsafe vault.withBytes(of: payload) { bytes in
      bytes.count >= Self.shortest
        && (prefixes.isEmpty
          || prefixes.contains { prefix in unsafe bytes.starts(with: prefix.utf8) })
    } ?? false
  }
}
