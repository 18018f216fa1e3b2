internal import DinasProtocol
internal import Journey
internal import OfficeModel
internal import Ports
internal import PrintWorkflow
internal import SensitiveMemory

/// Opens a document for its holder: sealed bytes from cache or server, into the vault, verified, and
/// only then drawn. Refuses everything the session's credential does not name.
struct DocumentDesk: Sendable {
  let desk: Desk

  func open(_ session: SessionID, _ asked: DocumentSummary) async {
    do throws(DocumentRefused) {
      try await openGranted(session, asked.id)
    } catch {
      desk.answer(session, .documentRefused(error.refusal))
    }
  }

  private func openGranted(
    _ session: SessionID, _ id: String
  ) async throws(DocumentRefused) {
    guard let grant = desk.sessions.grant(of: session), let summary = grant.documents[id] else {
      desk.record("document.not-granted", .warning)
      throw DocumentRefused(.unavailable)
    }
    guard !summary.isCard else { throw DocumentRefused(.cardOnly(kind: summary.kind)) }
    let announced = try await announced(id, holder: grant.holder)
    _ = try await LeaseDesk(desk: desk).secure(session, id, atLeast: LeaseTime.comfortable)
    let (sealed, isDownloaded) = try await sealedBytes(id, announced)
    let document: SecretHandle
    do throws(PortError) {
      document = try desk.keys.openDocument(sealed, id: id, into: desk.vault)
    } catch {
      desk.record("document.not-opened", error)
      throw DocumentRefused(.unreadable(code: "seal"))
    }
    guard desk.sessions.adopt(document, session) else { return }
    let report = await desk.ports.verifier.verify(document)
    if isDownloaded {
      desk.record(
        "document.downloaded", .info,
        ["verdict": report.verdict.rawValue, "reason": report.reason])
    }
    do throws(DocumentRefused) {
      try await show(session, summary, document, report, isDownloaded ? .download : .opening)
      // Only what was shown is kept: of a document that is refused nothing stays but the event.
      if isDownloaded { await keep(id, sealed) }
    } catch {
      desk.sessions.wipe(document)
      throw error
    }
  }

  private func show(
    _ session: SessionID, _ summary: DocumentSummary, _ document: SecretHandle,
    _ report: VerificationReport, _ step: DocumentRefused.Step
  ) async throws(DocumentRefused) {
    try DocumentRefused.unlessValid(report, bytes: desk.vault.count(of: document), step, desk)
    guard let signer = report.signers.last else {
      throw DocumentRefused(.machineFailed(code: "no_signer"))
    }
    let page: RenderedPage
    do throws(PortError) {
      page = try await desk.ports.preview.render(
        document, report.printBytes,
        PageOrder(page: 1, size: .width(desk.settings.previewPixelWidth)))
    } catch {
      desk.record("document.not-drawn", error)
      throw DocumentRefused(.machineFailed(code: "preview"))
    }
    guard desk.sessions.adopt(page.bitmap, session) else { return }
    desk.sessions.open(
      Sessions.OpenDocument(summary: summary, document: document, report: report), session)
    desk.record("document.opened", .info, ["kind": summary.kind])
    desk.answer(
      session,
      .documentReady(
        Preview(
          document: summary, bitmap: page.bitmap, width: page.width, height: page.height,
          pageCount: report.pageCount, signer: signer,
          coSigners: Array(report.signers.dropLast()))))
  }

  /// The document as the server announced it, with a print left and of a size that is opened here.
  private func announced(
    _ id: String, holder: LookupKey
  ) async throws(DocumentRefused) -> CachedDocument {
    let documents: [CachedDocument]
    do throws(PortError) {
      documents = try await desk.ports.store.cache.documents(holder)
    } catch {
      desk.record("document.unavailable", error)
      throw DocumentRefused(.unavailable)
    }
    guard let cached = documents.first(where: { $0.summary.id == id }) else {
      desk.syncNudge.nudge()
      desk.record("document.not-announced", .notice)
      throw DocumentRefused(.unavailable)
    }
    guard cached.summary.printsLeft > 0 else {
      desk.record("document.no-right", .notice)
      throw DocumentRefused(.unavailable)
    }
    let limit = desk.settings.useLimits.documentBytes + DocumentSeal.overheadBytes
    guard cached.sealedBytes <= limit else {
      desk.record("document.too-large", .warning, ["bytes": "\(cached.sealedBytes)"])
      throw DocumentRefused(.unreadable(code: "too_large"))
    }
    return cached
  }

  /// From the server, and only what it announced; no more than this kiosk opens.
  func fetch(_ id: String, _ announced: CachedDocument) async throws(PortError) -> [UInt8] {
    let limit = desk.settings.useLimits.documentBytes + DocumentSeal.overheadBytes
    let sealed = try await desk.ports.dinas.fetchDocument(
      id, min(announced.sealedBytes, limit))
    guard KioskKeys.isAnnounced(sealed, announced) else {
      throw PortError(.malformed, step: "fetch document", detail: "not what was announced")
    }
    return sealed
  }

  /// From the cache when it still is what the server announced, else from the server.
  private func sealedBytes(
    _ id: String, _ cached: CachedDocument
  ) async throws(DocumentRefused) -> (bytes: [UInt8], isDownloaded: Bool) {
    let store = desk.ports.store
    do throws(PortError) {
      if let kept = try await store.cache.sealedDocument(id), KioskKeys.isAnnounced(kept, cached) {
        return (kept, false)
      }
      // Without a ledger nothing is printed, so nothing is fetched either.
      guard desk.storeFact.isGood else {
        throw PortError(.refused, step: "fetch document", detail: "no print can be recorded")
      }
      return (try await fetch(id, cached), true)
    } catch {
      desk.record("document.unavailable", error)
      throw DocumentRefused(.unavailable)
    }
  }
}

extension DocumentDesk {
  /// Without room the document was shown and may be printed all the same; the next time it is fetched
  /// again.
  private func keep(_ id: String, _ sealed: [UInt8]) async {
    guard desk.ports.store.cache.hasRoom(sealed.count) else {
      return desk.record("document.no-room", .warning)
    }
    do throws(PortError) {
      try await desk.ports.store.cache.keepSealedDocument(id, sealed)
    } catch { desk.record("document.not-kept", error) }
  }
}

/// Why a document is not shown or printed.
struct DocumentRefused: Error {
  /// When a document was judged.
  enum Step: String { case download, opening, print }

  let refusal: DocumentRefusal
  init(_ refusal: DocumentRefusal) { self.refusal = refusal }

  /// Lets only a report pass that says valid and whose numbers make sense for these bytes.
  static func unlessValid(
    _ report: VerificationReport, bytes: Int, _ step: Step, _ desk: Desk
  ) throws(DocumentRefused) {
    switch report.verdict {
    case .valid:
      guard report.printBytes > 0, report.printBytes <= bytes, report.pageCount > 0,
        !report.printSHA256.isEmpty
      else { throw DocumentRefused(.machineFailed(code: "report")) }
      guard report.pageCount <= desk.settings.useLimits.documentPages else {
        desk.record("document.too-many-pages", .warning, ["pages": "\(report.pageCount)"])
        throw DocumentRefused(.unreadable(code: "too_many_pages"))
      }
    case .invalid:
      desk.record(.security(reason: report.reason, step: step.rawValue))
      throw DocumentRefused(.changed(code: report.reason))
    case .untrusted:
      if ReasonMeaning.isSecurityEvent(report) {
        desk.record(.security(reason: report.reason, step: step.rawValue))
      } else {
        desk.record("document.untrusted", .warning, ["reason": report.reason])
      }
      throw DocumentRefused(
        report.reason == "revocation_unknown"
          ? .revocationUnknown(code: report.reason) : .signerUncertain(code: report.reason))
    case .refuse:
      desk.record("document.refused", .warning, ["reason": report.reason])
      throw DocumentRefused(
        report.isMachineFailure
          ? .machineFailed(code: report.reason) : .unreadable(code: report.reason))
    }
  }
}
