import Foundation
import OfficeModel
import Testing

@testable import KioskConfiguration

@Suite("The certificates that a kiosk believes")
struct TrustFolderTests {
  private static let root = "roots/root-contoh-demonstrasi.pem"
  private static let issuer = "issuers/ca-penerbit-contoh-demonstrasi.pem"
  private static let demonstration = "kiosk-config/trust/demonstration/"

  /// A certificate's outline, of nobody's.
  private static let other =
    "-----BEGIN CERTIFICATE-----\n\(Data([0x30, 3, 2, 1, 7]).base64EncodedString())\n"
    + "-----END CERTIFICATE-----\n"

  private func office(
    demonstration: Bool = false, _ files: [String: Data]
  ) throws -> TestFolder {
    let folder = try SmallOffice.folder(
      kiosk: {
        demonstration
          ? $0.replacingOccurrences(of: "demonstration: false", with: "demonstration: true")
            .replacingOccurrences(
              of: "directory: trust", with: "directory: trust\n  policy: demonstration")
          : $0
      })
    for part in ["roots", "issuers"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: "trust/" + part), withIntermediateDirectories: true)
    }
    for (name, data) in files { try folder.write(data, to: "trust/" + name) }
    return folder
  }

  private func pem(_ name: String) throws -> Data {
    Data(try Project.text(Self.demonstration + name).utf8)
  }

  private func findings(_ folder: TestFolder, isDemonstration: Bool = false) -> [TrustFinding] {
    TrustFolder.examine(
      TrustSettings(directory: folder.path + "/trust", policy: .production),
      isDemonstration: isDemonstration)
  }

  private func kinds(_ folder: TestFolder, isDemonstration: Bool = false) -> [TrustFinding.Kind] {
    findings(folder, isDemonstration: isDemonstration).map(\.kind)
  }

  @Test("the pins are those of the demonstration's certificates, and of no others")
  func pins() throws {
    var found: Set<String> = []
    for part in ["roots/", "issuers/"] {
      let folder = Project.path(Self.demonstration + part)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let certificates = CertificateFile.certificates(
          in: Array(try Data(contentsOf: URL(filePath: folder + name))))
        #expect(!certificates.isEmpty, "\(name)")
        found.formUnion(certificates.map(DemonstrationTrust.fingerprint))
      }
    }
    #expect(found == DemonstrationTrust.fingerprints)
  }

  @Test("a production kiosk refuses the demonstration's certificates under any name and any form")
  func refused() throws {
    let text = try pem(Self.root)
    let der = try #require(CertificateFile.certificates(in: Array(text)).first)
    let unixText = String(decoding: text, as: UTF8.self)
    let forms = [
      text, Data(der), Data(unixText.replacingOccurrences(of: "\n", with: "\r\n").utf8),
      Data(("subject=Root\n\n" + unixText).utf8), Data((Self.other + unixText).utf8),
    ]
    for form in forms {
      let folder = try office([
        "roots/nasional.crt": form, "issuers/bsre.pem": Data(Self.other.utf8),
      ])
      #expect(kinds(folder) == [.demonstration])
      let problems = KioskConfiguration.check(path: folder.path).map(\.message)
      #expect(problems.count == 1)
      #expect(problems.first?.contains("trust/roots/nasional.crt is a certificate of the") == true)
      #expect(throws: ConfigurationProblems.self) {
        try KioskConfiguration.load(path: folder.path)
      }
    }
    let issuers = try office([
      "roots/a.pem": Data(Self.other.utf8), "issuers/b.pem": try pem(Self.issuer),
    ])
    #expect(kinds(issuers) == [.demonstration])
  }

  @Test("a demonstration takes its own folder, and no mixture")
  func mixture() throws {
    let own = try office(
      demonstration: true,
      ["roots/a.pem": try pem(Self.root), "issuers/b.pem": try pem(Self.issuer)])
    #expect(kinds(own, isDemonstration: true) == [])
    #expect(KioskConfiguration.check(path: own.path) == [])
    try own.write(Self.other, to: "trust/roots/c.pem")
    #expect(kinds(own, isDemonstration: true) == [.mixture])
    #expect(findings(own, isDemonstration: true).first?.file.hasSuffix("roots/c.pem") == true)
    #expect(KioskConfiguration.check(path: own.path).count == 1)
    // Two certificates in one file are a mixture as well.
    let one = try office(
      demonstration: true,
      [
        "roots/a.pem": try pem(Self.root) + Data(Self.other.utf8),
        "issuers/b.pem": try pem(Self.issuer),
      ])
    #expect(kinds(one, isDemonstration: true) == [.mixture])
  }

  @Test("a folder without roots, without issuers or with no certificates is a problem")
  func incomplete() throws {
    let empty = try office([:])
    #expect(kinds(empty) == [.noRoots, .noIssuers])
    #expect(KioskConfiguration.check(path: empty.path).count == 2)
    let other = Data(Self.other.utf8)
    let half = try office(["roots/a.pem": other, "issuers/README.md": other])
    #expect(kinds(half) == [.noIssuers])
    let wrong = try office(["roots/a.pem": other, "issuers/b.pem": Data("Hello".utf8)])
    #expect(kinds(wrong) == [.noCertificate])
    let right = try office(["roots/a.pem": other, "issuers/b.der": Data([0x30, 3, 2, 1, 9])])
    #expect(kinds(right) == [])
  }

  @Test("a folder that is not there yet is found by an examination and is no problem of the text")
  func missing() throws {
    let folder = try SmallOffice.folder()
    #expect(kinds(folder) == [.noFolder])
    #expect(KioskConfiguration.check(path: folder.path) == [])
  }

  @Test("bytes that only look like a certificate are none and do no harm")
  func shapes() {
    for bytes: [UInt8] in [
      [], [0x30], [0x30, 0x80, 0, 0], [0x30, 0x84, 1, 0, 0, 0], [0x30, 0x82, 1], [0x30, 5, 1],
      Array("-----BEGIN CERTIFICATE-----\n".utf8),
      Array("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----".utf8),
    ] {
      #expect(CertificateFile.certificates(in: bytes).isEmpty)
    }
  }
}
