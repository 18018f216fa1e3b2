import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Credentials", .timeLimit(.minutes(1)))
struct CredentialTests {
  private func check(_ counter: Counter, _ nik: String, _ pin: String, _ id: UInt64) async
    -> Answer?
  {
    let session = SessionID(id)
    let nik = counter.type(nik, id * 10)
    let pin = counter.type(pin, id * 10 + 1)
    counter.runner.run(.checkCredential(session, nik: nik, pin: pin))
    let answer = await counter.answer(session) { _ in true }
    counter.runner.run(.endSession(session))
    return answer
  }

  @Test("an unknown NIK looks like a wrong PIN, and tries run out for both alike")
  func unknownLooksWrong() async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    var known: [Answer?] = []
    var unknown: [Answer?] = []
    for index in 1...4 as ClosedRange<UInt64> {
      known.append(await check(counter, Counter.nikDigits, "000000", index * 2))
      unknown.append(await check(counter, "6309015505850002", "000000", index * 2 + 1))
    }
    #expect(known == unknown)
    #expect(known[0] == .credentialRefused(.wrong(triesLeft: 2)))
    #expect(known[2] == .credentialRefused(.wrong(triesLeft: 0)))
    guard case .credentialRefused(.locked(let until))? = known[3] else {
      Issue.record("the fourth try is not judged")
      return
    }
    #expect(until == counter.parts.clock.now.wall.adding(.seconds(3600)))
    // Locked means locked: the server was not asked, and the right PIN does not help either.
    #expect(counter.parts.credentialChecks.all.count == 6)
    let right = await check(counter, Counter.nikDigits, "123456", 100)
    #expect(right == .credentialRefused(.locked(until: until)))
  }

  @Test("the print PIN of one document does not wipe out wrong tries for all of them")
  func printPINBetween() async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    #expect(
      await check(counter, Counter.nikDigits, "000000", 1)
        == .credentialRefused(.wrong(triesLeft: 2)))
    let holder = try counter.nikKey
    let wrong = counter.parts.credential.value
    counter.parts.credential.value = { _ in
      .success(.accepted(nik: holder, documents: [Counter.summary], kind: .print))
    }
    _ = await check(counter, Counter.nikDigits, "111111", 3)
    counter.parts.credential.value = wrong
    #expect(
      await check(counter, Counter.nikDigits, "000000", 5)
        == .credentialRefused(.wrong(triesLeft: 1)))
  }

  @Test("a right PIN that is expired or spent is no wrong try", arguments: [false, true])
  func rightButOver(isSpent: Bool) async throws {
    let counter = try Counter()
    counter.parts.credential.value = { _ in .success(isSpent ? .spent : .expired) }
    for id in 1...5 as ClosedRange<UInt64> {
      #expect(
        await check(counter, Counter.nikDigits, "123456", id)
          == .credentialRefused(isSpent ? .spent : .expired))
    }
    counter.parts.credential.value = { _ in .success(.wrong(triesLeft: 9)) }
    #expect(
      await check(counter, Counter.nikDigits, "000000", 6)
        == .credentialRefused(.wrong(triesLeft: 2)))
  }

  private func scan(_ counter: Counter, _ payload: String, _ id: UInt64) async -> Answer? {
    let session = SessionID(id)
    counter.runner.run(
      .checkScannedCredential(session, payload: counter.type(payload, id * 10)))
    let answer = await counter.answer(session) { _ in true }
    counter.runner.run(.endSession(session))
    return answer
  }

  @Test("codes that are not of the Dinas' form are not sent, and no code locks anybody")
  func foreignCodes() async throws {
    let counter = try Counter(
      limits: TryLimits(perNIK: 1, perKiosk: 1, window: .seconds(60)),
      qrForm: QRForm(prefixes: ["UJI-ADM-", "UJI-CTK-"]))
    for (index, payload) in ["https://toko.example/1234", "UJI-ADM-SHORT", "A-001 2026-11-20"]
      .enumerated()
    {
      #expect(
        await scan(counter, payload, UInt64(index) + 1) == .credentialRefused(.unknownCode))
    }
    #expect(counter.parts.credentialChecks.all.isEmpty)
    counter.parts.credential.value = { _ in .success(.wrong(triesLeft: 9)) }
    for id in 10...15 as ClosedRange<UInt64> {
      #expect(
        await scan(counter, "UJI-ADM-\(id)23456789", id) == .credentialRefused(.unknownCode))
    }
    #expect(counter.parts.credentialChecks.all.count == 6)
    let holder = try counter.nikKey
    counter.parts.credential.value = { _ in
      .success(.accepted(nik: holder, documents: [Counter.summary]))
    }
    #expect(
      await scan(counter, "UJI-CTK-123456789", 20) == .credentialAccepted([Counter.summary]))
    #expect(
      await check(counter, Counter.nikDigits, "123456", 21)
        == .credentialAccepted([Counter.summary]), "nor does it lock a PIN")
  }

  @Test("without a server nothing is judged and no try is used up")
  func offline() async throws {
    let counter = try Counter(limits: TryLimits(perNIK: 1, perKiosk: 1, window: .seconds(60)))
    for index in 1...5 as ClosedRange<UInt64> {
      #expect(
        await check(counter, Counter.nikDigits, "123456", index)
          == .credentialRefused(.serverUnreachable))
    }
    try await counter.offerDocument()
    #expect(
      await check(counter, Counter.nikDigits, "123456", 6)
        == .credentialAccepted([Counter.summary]))
  }

  @Test("the keys are those the Dinas computes from the same digits")
  func sameKeys() throws {
    let counter = try Counter()
    let keys = try #require(KioskKeys(lookupKey: Counter.lookupKey))
    let nik = counter.type(Counter.nikDigits, 1)
    #expect(try keys.nik(nik, in: counter.vault) == counter.nikKey)
    #expect(keys.nik(SecretHandle(id: 99), in: counter.vault) == nil)
    #expect(KioskKeys(lookupKey: [1, 2, 3]) == nil)
  }

  @Test("a status is told from the cache with its age while the server is silent")
  func statusOffline() async throws {
    let counter = try Counter()
    let keys = try #require(KioskKeys(lookupKey: Counter.lookupKey))
    let registration = counter.type("12345678", 1)
    let nik = counter.type(Counter.nikDigits, 2)
    counter.runner.run(.lookUpStatus(counter.session, registration: registration, nik: nik))
    #expect(await counter.answer { _ in true } == .status(.cacheEmpty))

    let status = ApplicationStatus(
      serviceID: "ktp-el", product: "KTP-el", holderMasked: "S*** C*****", step: .signed,
      condition: .moving, receivedOn: Counter.summary.readySince, dueOn: nil, pickUp: .counter)
    let synced = counter.parts.clock.now.wall
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "1", hasMore: false, serverTime: synced,
        applications: [
          .init(
            registration: try #require(keys.registration(registration, in: counter.vault)),
            nik: try counter.nikKey, status: status)
        ], documents: [], nowServing: []), synced)
    counter.parts.clock.advance(by: .seconds(7200))
    let later = SessionID(2)
    counter.runner.run(.lookUpStatus(later, registration: registration, nik: nik))
    #expect(await counter.answer(later) { _ in true } == .status(.found(status, syncedAt: synced)))
    // The number of somebody else is not found, like one that does not exist.
    let stranger = counter.type("6309015505850002", 3)
    let third = SessionID(3)
    counter.runner.run(.lookUpStatus(third, registration: registration, nik: stranger))
    #expect(await counter.answer(third) { _ in true } == .status(.notFound(syncedAt: synced)))
  }

  @Test("a card's photo is read only for who has typed a PIN")
  func cardPhoto() async throws {
    let counter = try Counter()
    let vault = counter.vault
    counter.parts.photo.value = { .success(try? vault.makeBulk(capacity: 8)) }
    counter.runner.run(.readCardPhoto(counter.session, request: 7))
    #expect(await counter.answer { _ in true } == .cardPhoto(nil, request: 7))
    #expect(vault.population == 0)
    let later = try Counter()
    try await later.openDocument()
    let laterVault = later.vault
    later.parts.photo.value = { .success(try? laterVault.makeBulk(capacity: 8)) }
    later.runner.run(.readCardPhoto(later.session, request: 7))
    let answer = await later.answer { if case .cardPhoto = $0 { true } else { false } }
    #expect(answer != .cardPhoto(nil, request: 7))
    later.runner.run(.endSession(later.session))
    #expect(laterVault.population == 0)
  }

  @Test("who has scanned a code opens the documents and sees no card's photo")
  func cardPhotoByCode() async throws {
    let counter = try Counter()
    let reads = Box(0)
    counter.parts.photo.value = {
      reads.value += 1
      return .success(nil)
    }
    counter.parts.credential.value = { [holder = try counter.nikKey] _ in
      .success(.accepted(nik: holder, documents: [Counter.summary]))
    }
    let payload = counter.type("UJI-CTK-123456789", 10)
    counter.runner.run(.checkScannedCredential(counter.session, payload: payload))
    #expect(await counter.answer { _ in true } == .credentialAccepted([Counter.summary]))
    counter.runner.run(.readCardPhoto(counter.session, request: 7))
    let answer = await counter.answer { if case .cardPhoto = $0 { true } else { false } }
    #expect(answer == .cardPhoto(nil, request: 7))
    #expect(reads.value == 0)
  }
}
