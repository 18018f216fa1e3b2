internal import OfficeModel
internal import Ports
internal import SensitiveMemory

/// What is sent for an order: the signed bytes, or the drawing of them.
struct PrintPayload: Sendable {
  var document: SecretHandle
  var byteCount: Int
  var format: DocumentFormat

  /// Nothing of the document has left: nothing can come out.
  struct NotSent: Error {
    var fault: DeviceFault
  }

  /// Draws the document where the printer takes no PDF.
  /// - Parameter isCanceled: asked before each page.
  static func make(
    of order: PrintOrder, as format: DocumentFormat, vault: SecretVault, pages: PreviewPort,
    events: EventPort, isCanceled: () -> Bool
  ) async throws(NotSent) -> PrintPayload {
    guard case .raster(let raster) = format else {
      return PrintPayload(document: order.document, byteCount: order.byteCount, format: format)
    }
    do throws(PortError) {
      let drawing = try await RasterDocument(vault: vault, pages: pages, format: raster)
        .make(order, isCanceled: isCanceled)
      return PrintPayload(
        document: drawing, byteCount: vault.count(of: drawing), format: format)
    } catch {
      if error.code == .cancelled { throw NotSent(fault: .stopped) }
      events.record(
        KioskEvent("print.not-drawn", level: .error, ["error": error.description]))
      throw NotSent(fault: .other)
    }
  }

  /// The next piece of it into the buffer; nil when it has become shorter than it was.
  /// - Returns: how many bytes.
  func read(
    from offset: Int, into room: UnsafeMutableRawBufferPointer, out vault: SecretVault
  ) -> Int? {
    unsafe vault.withBytes(of: document) { bytes -> Int in
      let count = min(room.count, byteCount - offset)
      guard bytes.count >= offset + count else { return 0 }
      unsafe room.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
      return count
    }
  }
}

extension PrintOrder {
  /// A key that could name a person and a document that is not the verified one are not printed.
  func isAllowed(_ vault: SecretVault, _ events: EventPort) -> Bool {
    let isKey = jobKey.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
    }
    guard isKey, (1...64).contains(jobKey.utf8.count), byteCount > 0,
      byteCount <= IPPDocumentPrinter.documentLimitBytes
    else { return false }
    let digest = unsafe vault.withBytes(of: document) { bytes -> String? in
      guard bytes.count >= byteCount else { return nil }
      return unsafe sha256Hex(UnsafeRawBufferPointer(rebasing: bytes[0..<byteCount]))
    }
    let isSame = digest == .some(sha256.lowercased())
    if !isSame { events.record(.security(reason: "changed_before_print", step: "sending")) }
    return isSame
  }
}
