internal import Crypto
internal import FoundationEssentials
internal import Ports

/// Seals values of a row under the store's key. Table and row are associated data, so a sealed value
/// moved to another row does not open there.
struct RowSeal: Sendable {
  static let keyBytes = 32
  private let key: SymmetricKey

  /// Nil unless the key has 32 bytes.
  init?(storeKey: [UInt8]) {
    guard storeKey.count == Self.keyBytes else { return nil }
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: storeKey), info: Array("anjungan rows v1".utf8),
      outputByteCount: Self.keyBytes)
  }

  func seal(_ value: some Encodable, table: String, row: String) throws(PortError) -> Data {
    do {
      return try seal(JSONEncoder().encode(value), table: table, row: row)
    } catch let error as PortError {
      throw error
    } catch { throw PortError(.internalFault, step: "encode \(table)") }
  }

  func seal(_ bytes: Data, table: String, row: String) throws(PortError) -> Data {
    do {
      let box = try AES.GCM.seal(bytes, using: key, authenticating: context(table, row))
      // There is a combined form for every nonce of the usual length, which this is.
      guard let combined = box.combined else {
        throw PortError(.internalFault, step: "seal \(table)")
      }
      return combined
    } catch let error as PortError {
      throw error
    } catch { throw PortError(.internalFault, step: "seal \(table)") }
  }

  func open<Value: Decodable>(
    _ type: Value.Type, _ sealed: Data, table: String, row: String
  ) throws(PortError) -> Value {
    let bytes = try open(sealed, table: table, row: row)
    do {
      return try JSONDecoder().decode(type, from: bytes)
    } catch { throw PortError(.storageDamaged, step: "decode \(table)") }
  }

  func open(_ sealed: Data, table: String, row: String) throws(PortError) -> Data {
    do {
      return try AES.GCM.open(
        AES.GCM.SealedBox(combined: sealed), using: key, authenticating: context(table, row))
    } catch {
      throw PortError(.storageDamaged, step: "open \(table)", detail: "seal does not fit its row")
    }
  }

  /// The lengths keep two rows from having the same context: `a|bc` and `ab|c` differ.
  private func context(_ table: String, _ row: String) -> Data {
    Data("anjungan|\(table.utf8.count)|\(table)|\(row)".utf8)
  }
}
