import DinasProtocol
import Foundation
import Glibc
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("What stays in memory", .timeLimit(.minutes(2)), .serialized)
struct MemoryTests {
  /// The digits of a NIK that stands nowhere in this program: each is computed, and turned at once.
  private func turnedDigits(_ seed: Int) -> [UInt8] {
    // 6309 01 010190 and a serial that only this test has.
    (0..<16).map { index in
      let digit: Int =
        switch index {
        case 0..<6: [6, 3, 0, 9, 0, 7][index]
        case 6..<12: [1, 7, 0, 8, 8, 3][index - 6]
        default: (seed * 7 + index * 3) % 10
        }
      return ~UInt8(48 + digit)
    }
  }

  @Test("after a session its NIK is nowhere in the process's memory")
  func sentinel() async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    let turned = turnedDigits(5)
    let nik = SecretHandle(id: 1)
    let pin = SecretHandle(id: 2)
    for byte in turned { counter.runner.run(.secret(.append(~byte, to: nik))) }
    for _ in 0..<6 { counter.runner.run(.secret(.append(UInt8(ascii: "4"), to: pin))) }
    // The look itself finds what is there.
    #expect(try OwnMemory.count(turned: turned) >= 1)
    counter.runner.run(.checkNIK(counter.session, nik))
    counter.runner.run(.checkCredential(counter.session, nik: nik, pin: pin))
    _ = await counter.answer { if case .credentialRefused = $0 { true } else { false } }
    counter.runner.run(.lookUpStatus(counter.session, registration: pin, nik: nik))
    _ = await counter.answer { if case .status = $0 { true } else { false } }
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
    #expect(try OwnMemory.count(turned: turned) == 0)
  }

  @Test("after a session its document is nowhere in the process's memory")
  func document() async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    let turned = turnedDigits(3) + turnedDigits(8)
    let sealed = try sealedDocument()
    var announced = Counter.summary
    announced.id = "doc-sentinel"
    let key = try counter.nikKey
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "2", hasMore: false, serverTime: counter.parts.clock.now.wall, applications: [],
        documents: [
          .init(
            id: announced.id, nik: key,
            document: CachedDocument(
              summary: announced, sealedBytes: sealed.count,
              sealedSHA256: WireHash.sha256(sealed), lease: Counter.lease))
        ], nowServing: []), counter.parts.clock.now.wall)
    counter.parts.document.value = { _ in .success(sealed) }
    counter.parts.credential.value = { [announced] _ in
      .success(.accepted(nik: key, documents: [announced]))
    }
    var report = Counter.valid
    report.printBytes = turned.count
    counter.parts.report.value = { [report] _ in report }
    counter.runner.run(
      .checkCredential(
        counter.session, nik: counter.type("6309010101900001", 1), pin: counter.type("1", 2)))
    _ = await counter.answer { if case .credentialAccepted = $0 { true } else { false } }
    counter.runner.run(.openDocument(counter.session, announced))
    _ = await counter.answer { if case .documentReady = $0 { true } else { false } }
    #expect(try OwnMemory.count(turned: turned) == 1)
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
    #expect(try OwnMemory.count(turned: turned) == 0)
  }

  /// The 32 digits `turnedDigits(3) + turnedDigits(8)`, sealed elsewhere (HKDF-SHA256 and AES-256-GCM of
  /// Python's `cryptography`, look-up key of 32 bytes 3), so this process never made them.
  private func sealedDocument() throws -> [UInt8] {
    try #require(
      Hex.decode(
        Array(
          """
          000102030405060708090a0bd0a7e5b97cf5f991f8cf9f1cb0647b15d22304ef58e8caa4495887a0\
          d303df7410b23de9c1bb2b5f0d12ed64c69bb52f
          """.utf8)))
  }
}
