import DinasProtocol
import OfficeModel
import Testing

@testable import dinas_simulator

@Suite("Wrong PINs and codes at the Dinas")
struct PINTriesTests {
  private let now = Timestamp(seconds: 1_795_150_000)

  private func key(_ byte: UInt8) -> String {
    Base64URL.encode([UInt8](repeating: byte, count: 32))
  }

  /// One holder: access PIN 1, access code 2, print PIN 3.
  private func dinas() throws -> Dinas {
    let secret = try LookupSecret(file: Array(0..<32))
    var office = try LoadedOffice(directory: DemonstrationTests.data, secret: secret, now: now)
    let document = try #require(office.documents.first { !$0.offer.summary.isCard })
    office.credentials = [
      .init(nikKey: key(0), pinKey: key(1), qrKey: key(2), isExpired: false),
      .init(
        nikKey: key(0), pinKey: key(3), qrKey: nil, isExpired: false,
        documentID: document.offer.summary.id),
      .init(nikKey: key(5), pinKey: key(6), qrKey: nil, isExpired: true),
    ]
    office.tries = .init(limit: 3, lockMinutes: 15)
    let now = now
    return Dinas(office: office, clock: { now })
  }

  @Test("codes that nobody knows lock nobody, however many")
  func strangeCodes() async throws {
    let dinas = try dinas()
    for byte in 100..<140 as Range<UInt8> {
      let answer = try await dinas.check(.qr(qrKey: key(byte)))
      #expect(!answer.accepted && answer.lockedUntil == nil)
    }
    #expect(try await dinas.check(.qr(qrKey: key(2))).accepted)
    #expect(try await dinas.check(.pin(nikKey: key(0), pinKey: key(1))).accepted)
    #expect(await dinas.lockedCredentials == 0)
  }

  @Test("neither a print PIN nor a code between wrong PINs begins their count anew")
  func notCleared() async throws {
    let dinas = try dinas()
    let wrong = CredentialCheck.pin(nikKey: key(0), pinKey: key(9))
    #expect(try await dinas.check(wrong).triesLeft == 2)
    #expect(try await dinas.check(.pin(nikKey: key(0), pinKey: key(3))).kind == .print)
    #expect(try await dinas.check(wrong).triesLeft == 1)
    #expect(try await dinas.check(.qr(qrKey: key(2))).accepted)
    let last = try await dinas.check(wrong)
    #expect(last.triesLeft == 0)
    #expect(last.lockedUntil == now.adding(.seconds(900)))
    #expect(try await !dinas.check(.pin(nikKey: key(0), pinKey: key(1))).accepted)
  }

  @Test("the access PIN begins the count anew; an expired one neither counts nor clears")
  func cleared() async throws {
    let dinas = try dinas()
    for _ in 1...4 {
      #expect(try await dinas.check(.pin(nikKey: key(0), pinKey: key(9))).triesLeft == 2)
      #expect(try await dinas.check(.pin(nikKey: key(0), pinKey: key(1))).accepted)
    }
    #expect(try await dinas.check(.pin(nikKey: key(5), pinKey: key(9))).triesLeft == 2)
    #expect(try await dinas.check(.pin(nikKey: key(5), pinKey: key(6))).expired)
    #expect(try await dinas.check(.pin(nikKey: key(5), pinKey: key(9))).triesLeft == 1)
  }
}
