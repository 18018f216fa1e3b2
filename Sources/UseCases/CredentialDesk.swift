internal import Journey
internal import OfficeModel
internal import Ports

/// Lets the server judge a credential. Every try is counted durably before it is asked, so pulling
/// the plug on a wrong PIN gains nothing. A try is given back only when no verdict came: whoever
/// guesses has then learnt nothing, and the server counts what it judged by itself; so a citizen is
/// not locked out by a broken network. A try that ends with its session stays counted.
struct CredentialDesk: Sendable {
  let desk: Desk

  /// - Parameter subject: What tries are counted by: the hash of the NIK, or of the scanned payload.
  func check(_ session: SessionID, subject: LookupKey, proof: CredentialProof) async {
    let store = desk.ports.store
    let counted: TryVerdict
    do throws(PortError) {
      counted = try await store.tries.count(
        subject, desk.settings.tryLimits, desk.ports.clock.now().wall)
    } catch {
      // An uncounted try is not judged.
      desk.record("credential.not-counted", error)
      return desk.answer(session, .credentialRefused(.storeUnavailable))
    }
    guard counted.allowed else {
      desk.record("credential.locked", .notice)
      return desk.answer(session, .credentialRefused(.locked(until: counted.lockedUntil)))
    }
    do throws(PortError) {
      let verdict = try await desk.ports.dinas.checkCredential(proof)
      desk.sink(.facts(.server(reachable: true)))
      switch verdict {
      case .accepted(let nik, let documents, _, _):
        await accept(session, subject, nik, documents)
      case .wrong(let triesLeft):
        desk.record("credential.refused")
        desk.answer(
          session, .credentialRefused(.wrong(triesLeft: min(triesLeft, counted.triesLeft))))
      case .locked(let until):
        desk.record("credential.locked", .notice)
        desk.answer(session, .credentialRefused(.locked(until: until)))
      case .expired:
        desk.record("credential.expired")
        desk.answer(session, .credentialRefused(.expired))
      case .spent:
        desk.record("credential.spent")
        desk.answer(session, .credentialRefused(.spent))
      }
    } catch {
      desk.record("credential.no-verdict", error)
      if error.code != .cancelled, !desk.sessions.isOver(session) {
        do throws(PortError) { try await store.tries.giveBack(subject) } catch {
          desk.record("credential.try-not-returned", error)
        }
      }
      desk.sink(.facts(.server(reachable: false)))
      desk.answer(session, .credentialRefused(.serverUnreachable))
    }
  }

  private func accept(
    _ session: SessionID, _ subject: LookupKey, _ nik: LookupKey, _ documents: [DocumentSummary]
  ) async {
    var documents = documents
    do throws(PortError) {
      try await desk.ports.store.tries.clear(subject)
      // Prints that the server has not heard of yet are taken off.
      let known = try await desk.ports.store.cache.documents(nik)
      for index in documents.indices {
        guard let mine = known.first(where: { $0.summary.id == documents[index].id }) else {
          if !documents[index].isCard { desk.syncNudge.nudge() }
          continue
        }
        documents[index].printsLeft = min(documents[index].printsLeft, mine.summary.printsLeft)
      }
    } catch { desk.record("credential.cache-unavailable", error) }
    desk.sessions.grant(
      Sessions.Grant(
        documents: Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }, holder: nik),
      session)
    desk.record("credential.accepted", .info, ["documents": "\(documents.count)"])
    desk.answer(session, .credentialAccepted(documents))
  }
}
