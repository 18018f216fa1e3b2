internal import Journey
internal import OfficeModel
internal import Ports

/// Lets the server judge a credential, or what it left here for when it cannot be asked. Every try of a
/// PIN is counted durably before it is judged, so pulling the plug on a wrong one gains nothing. A try
/// is given back when nobody judged it, so a citizen is not locked out by a broken network, and when the
/// PIN was right but expired or spent: it was no guess. A try that ends with its session stays counted.
/// A scanned payload holds more chance than anybody can try: it is not counted, and so no stranger's
/// codes lock those of the Dinas (`QRForm`).
struct CredentialDesk: Sendable {
  let desk: Desk

  func check(_ session: SessionID, _ proof: CredentialProof) async {
    var counted: Counted?
    if case .pin(let nik, _) = proof {
      let verdict: TryVerdict
      do throws(PortError) {
        verdict = try await desk.ports.store.tries.count(
          nik, desk.settings.tryLimits, desk.ports.clock.now().wall)
      } catch {
        // An uncounted try is not judged.
        desk.record("credential.not-counted", error)
        return desk.answer(session, .credentialRefused(.storeUnavailable))
      }
      guard verdict.allowed else {
        return await turnAway(session, .locked(until: verdict.lockedUntil), "locked")
      }
      counted = Counted(nik: nik, triesLeft: verdict.triesLeft)
    }
    let verdict: CredentialVerdict
    do throws(PortError) {
      verdict = try await desk.ports.dinas.checkCredential(proof)
    } catch {
      desk.record("credential.no-verdict", error)
      desk.sink(.facts(.server(reachable: false)))
      guard error.code != .cancelled, !desk.sessions.isOver(session) else { return }
      return await checkOffline(session, proof, counted)
    }
    desk.sink(.facts(.server(reachable: true)))
    switch verdict {
    case .accepted(let nik, let documents, let kind, _):
      await accept(session, counted, nik, documents, kind, "accepted")
    case .wrong(let triesLeft):
      await turnAway(
        session,
        counted.map { .wrong(triesLeft: min(triesLeft, $0.triesLeft)) } ?? .unknownCode, "wrong")
    case .locked(let until): await turnAway(session, .locked(until: until), "locked")
    case .expired: await turnAwayRight(session, counted, .expired, "expired")
    case .spent: await turnAwayRight(session, counted, .spent, "spent")
    }
  }

  /// A try that was counted.
  private struct Counted {
    var nik: LookupKey
    var triesLeft: Int
  }

  private func checkOffline(
    _ session: SessionID, _ proof: CredentialProof, _ counted: Counted?
  ) async {
    switch await OfflineCredentials(desk: desk).check(proof) {
    case .nothingHere:
      await giveBack(counted)
      await turnAway(session, .serverUnreachable, "not-judged")
    case .accepted(let nik, let documents, let kind):
      await accept(session, counted, nik, documents, kind, "accepted-offline")
    case .notKnown:
      await turnAway(
        session,
        counted.map { .notKnownOffline(triesLeft: $0.triesLeft) } ?? .serverUnreachable,
        "not-known-offline")
    case .expired: await turnAwayRight(session, counted, .expired, "expired")
    case .spent: await turnAwayRight(session, counted, .spent, "spent")
    }
  }

  private func giveBack(_ counted: Counted?) async {
    guard let counted else { return }
    do throws(PortError) { try await desk.ports.store.tries.giveBack(counted.nik) } catch {
      desk.record("credential.try-not-returned", error)
    }
  }

  /// It was right, and opens nothing any more.
  private func turnAwayRight(
    _ session: SessionID, _ counted: Counted?, _ refusal: CredentialRefusal, _ result: String
  ) async {
    await giveBack(counted)
    await turnAway(session, refusal, result)
  }

  private func turnAway(
    _ session: SessionID, _ refusal: CredentialRefusal, _ result: String
  ) async {
    desk.record("credential.refused", .notice, ["result": result])
    await desk.audit(.credentialChecked, who: desk.who(session), result: result)
    desk.answer(session, .credentialRefused(refusal))
  }

  private func accept(
    _ session: SessionID, _ counted: Counted?, _ nik: LookupKey, _ documents: [DocumentSummary],
    _ kind: CredentialKind, _ result: String
  ) async {
    var documents = documents
    do throws(PortError) {
      // Who holds the print PIN of one document may still be guessing the access PIN.
      if let counted {
        switch kind {
        case .access: try await desk.ports.store.tries.clear(counted.nik)
        case .print: try await desk.ports.store.tries.giveBack(counted.nik)
        }
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
        documents: Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }, holder: nik,
        byPIN: counted != nil), session)
    desk.record("credential.accepted", .info, ["documents": "\(documents.count)"])
    desk.answer(session, .credentialAccepted(documents))
  }
}
