internal import DinasProtocol
internal import OfficeModel
internal import Ports
internal import SensitiveMemory

extension KioskKeys {
  /// Opens a document that the server sealed for this kiosk, straight into the vault. The layout is
  /// `DinasProtocol.DocumentSeal`; the plain bytes in between are zeroed by it.
  func openDocument(
    _ sealed: [UInt8], id: String, into vault: SecretVault
  ) throws(PortError) -> SecretHandle {
    do {
      return try unsafe seal.open(sealed, id: id) { bytes in try unsafe vault.store(bytes) }
    } catch is SensitiveMemoryError {
      throw PortError(.internalFault, step: "open document", detail: "no memory for it")
    } catch {
      throw PortError(.malformed, step: "open document", detail: "the seal does not fit")
    }
  }

  /// Whether these are the bytes that the changes page announced.
  static func isAnnounced(_ sealed: [UInt8], _ document: CachedDocument) -> Bool {
    sealed.count == document.sealedBytes && WireHash.sha256(sealed) == document.sealedSHA256
  }
}
