internal import Journey
internal import OfficeModel
internal import Ports

/// Lets the server judge a credential, or what it left here for when it cannot be asked. Every try is
/// counted durably before it is judged, so pulling the plug on a wrong PIN gains nothing. A try is given
/// back only when nobody judged it: whoever guesses has then learnt nothing; so a citizen is not locked
/// out by a broken network. A try that ends with its session stays counted.
struct CredentialDesk: Sendable {
  let desk: Desk

  /// - Parameter subject: What tries are counted by: the hash of the NIK, or of the scanned payload.
  func check(_ session: SessionID, subject: LookupKey, proof: CredentialProof) async {
    let counted: TryVerdict
    do throws(PortError) {
      counted = try await desk.ports.store.tries.count(
        subject, desk.settings.tryLimits, desk.ports.clock.now().wall)
    } catch {
      // An uncounted try is not judged.
      desk.record("credential.not-counted", error)
      return desk.answer(session, .credentialRefused(.storeUnavailable))
    }
    guard counted.allowed else {
      return await turnAway(session, .locked(until: counted.lockedUntil), "locked")
    }
    let verdict: CredentialVerdict
    do throws(PortError) {
      verdict = try await desk.ports.dinas.checkCredential(proof)
    } catch {
      desk.record("credential.no-verdict", error)
      desk.sink(.facts(.server(reachable: false)))
      guard error.code != .cancelled, !desk.sessions.isOver(session) else { return }
      return await checkOffline(session, subject, proof, counted)
    }
    desk.sink(.facts(.server(reachable: true)))
    switch verdict {
    case .accepted(let nik, let documents, let kind, _):
      await accept(session, subject, nik, documents, kind, "accepted")
    case .wrong(let triesLeft):
      await turnAway(session, .wrong(triesLeft: min(triesLeft, counted.triesLeft)), "wrong")
    case .locked(let until): await turnAway(session, .locked(until: until), "locked")
    case .expired: await turnAway(session, .expired, "expired")
    case .spent: await turnAway(session, .spent, "spent")
    }
  }

  private func checkOffline(
    _ session: SessionID, _ subject: LookupKey, _ proof: CredentialProof, _ counted: TryVerdict
  ) async {
    switch await OfflineCredentials(desk: desk).check(proof) {
    case .nothingHere:
      do throws(PortError) { try await desk.ports.store.tries.giveBack(subject) } catch {
        desk.record("credential.try-not-returned", error)
      }
      await turnAway(session, .serverUnreachable, "not-judged")
    case .accepted(let nik, let documents, let kind):
      await accept(session, subject, nik, documents, kind, "accepted-offline")
    case .notKnown:
      await turnAway(
        session, .notKnownOffline(triesLeft: counted.triesLeft), "not-known-offline")
    case .expired: await turnAway(session, .expired, "expired")
    case .spent: await turnAway(session, .spent, "spent")
    }
  }

  private func turnAway(
    _ session: SessionID, _ refusal: CredentialRefusal, _ result: String
  ) async {
    desk.record("credential.refused", .notice, ["result": result])
    await desk.audit(.credentialChecked, who: desk.who(session), result: result)
    desk.answer(session, .credentialRefused(refusal))
  }

  private func accept(
    _ session: SessionID, _ subject: LookupKey, _ nik: LookupKey, _ documents: [DocumentSummary],
    _ kind: CredentialKind, _ result: String
  ) async {
    var documents = documents
    do throws(PortError) {
      // Who holds the print PIN of one document may still be guessing the access PIN.
      switch kind {
      case .access: try await desk.ports.store.tries.clear(subject)
      case .print: try await desk.ports.store.tries.giveBack(subject)
      }
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
    // Who opens somebody's documents is on the record, or they stay shut.
    guard
      await desk.audit(
        .credentialChecked, who: desk.who(session), subject: kind.rawValue, result: result)
    else { return desk.answer(session, .credentialRefused(.storeUnavailable)) }
    desk.sessions.grant(
      Sessions.Grant(
        documents: Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }, holder: nik),
      session)
    desk.record("credential.accepted", .info, ["documents": "\(documents.count)"])
    desk.answer(session, .credentialAccepted(documents))
  }
}
