internal import DeviceThreads
internal import DinasProtocol
internal import OfficeModel
internal import Ports

/// Judges a credential while the server cannot be asked, by what it left here for the documents that
/// are leased to this kiosk. Every try costs one slow hash, and nothing tells a NIK that is unknown
/// from a PIN that is wrong.
struct OfflineCredentials: Sendable {
  enum Verdict: Equatable {
    /// No document can be opened without the server here, whoever comes.
    case nothingHere
    case accepted(nik: LookupKey, documents: [DocumentSummary], CredentialKind)
    case notKnown
    case expired
    case spent
  }

  private struct Candidate {
    var leased: LeasedDocument
    var credential: OfflineCheck.Credential
  }

  let desk: Desk

  func check(_ proof: CredentialProof) async -> Verdict {
    let now = desk.ports.clock.now().wall
    // Leases and credentials end by a time that can be trusted.
    guard desk.ports.clock.trust() == .trusted else { return .nothingHere }
    let leased: [LeasedDocument]
    do throws(PortError) {
      leased = try await desk.ports.store.ledger.leased(now)
    } catch {
      desk.record("credential.leases-not-read", error)
      return .nothingHere
    }
    guard !leased.isEmpty else { return .nothingHere }
    let fitting = await fitting(Self.candidates(leased, proof), proof)
    let today = LocalTime(now, in: desk.settings.zone).date
    let valid = fitting.filter { ($0.credential.validUntil ?? today) >= today }
    guard let first = valid.first else { return fitting.isEmpty ? .notKnown : .expired }
    let kind = first.credential.kind
    // Only a print that came out spends it; while nobody knows, the document is shown as not to be had.
    if kind == .print, first.leased.document.summary.printsLeft == 0, !first.leased.isUndecided {
      return .spent
    }
    return .accepted(
      nik: first.leased.nik,
      documents: valid.filter { $0.leased.nik == first.leased.nik && $0.credential.kind == kind }
        .map(\.leased.document.summary), kind)
  }

  private static func candidates(
    _ leased: [LeasedDocument], _ proof: CredentialProof
  ) -> [Candidate] {
    leased.flatMap { leased in
      leased.offline.credentials.compactMap { credential in
        let isMeant =
          switch proof {
          case .pin(let nik, _): leased.nik == nik && credential.qrTag == nil
          case .qr(let payload): credential.qrTag == OfflineCheck.qrTag(payload.value)
          }
        return isMeant ? Candidate(leased: leased, credential: credential) : nil
      }
    }
  }

  /// One slow hash with the salt of whoever is meant, or with none's.
  private func fitting(_ candidates: [Candidate], _ proof: CredentialProof) async -> [Candidate] {
    let secret =
      switch proof {
      case .pin(_, let proof): proof.value
      case .qr(let payload): payload.value
      }
    let salt =
      candidates.lazy.compactMap { try? SlowHash($0.credential.hash).salt }.first
      ?? [UInt8](repeating: 0, count: SlowHash.saltBytes)
    let made = await Self.slowHash(Array(secret.utf8), salt)
    guard let made else {
      desk.record("credential.not-hashed", .error)
      return []
    }
    return candidates.filter { equalInConstantTime($0.credential.hash, made) }
  }

  /// A tenth of a second of work, which Swift's pool is kept free of.
  private static func slowHash(_ secret: [UInt8], _ salt: [UInt8]) async -> String? {
    await withCheckedContinuation { continuation in
      Threads.start(name: "slow-hash") {
        continuation.resume(returning: (try? SlowHash(of: secret, salt: salt))?.description)
      }
    }
  }
}
