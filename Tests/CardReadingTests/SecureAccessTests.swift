import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing

@testable import CardReading

extension RealReaderTests {
  /// A virtual module with invented secrets in one slot, a virtual KTP-el that believes it in the other.
  @Suite("The secure access module")
  struct SecureAccessTests {
    // CONF xor PCID of profiles/sam.json.
    private static let secret: [UInt8] = zip(
      [
        0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE,
        0xFF, 0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78, 0x87, 0x96, 0xA5, 0xB4, 0xC3, 0xD2,
        0xE1, 0xF0,
      ] as [UInt8], (0..<32).map { UInt8($0 % 16) }
    ).map { $0 ^ $1 }
    private static let biodata = Data(
      String(repeating: "INVENTED BIODATA ", count: 33).utf8)

    private func withModule(
      profile: String = LabProgram.laboratory + "/profiles/sam.json",
      turnedSecret: [UInt8] = secret.map { ~$0 },
      _ body: (CardRig, inout Changes, SecureAccessModule) async throws -> Void
    ) async throws {
      try await withRig(profile: "ktp-secure.json", without: CardRig.sibling) { rig in
        try await rig.second.tell("profile \(profile)")
        let access = SecureAccess(
          cards: rig.reader, reader: CardRig.sibling, secret: { .success(turnedSecret.map { ~$0 }) }
        )
        #expect(await access.port.state() == .missing)
        try await rig.second.tell("insert now")
        try await eventually("the module is there") { await access.port.state() == .ready }
        var changes = Changes(rig.reader.port.changes())
        // The module in its slot is no citizen's card.
        try await changes.wait(for: .empty)
        try await body(rig, &changes, access.port)
      }
    }

    @Test("module and card prove themselves to each other, and the biodata come out byte for byte")
    func wholeSequence() async throws {
      try await withModule { rig, changes, module in
        #expect(try await module.readBiodata() == nil, "no card is there")
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        for _ in 0..<2 {
          let handle = try #require(try await module.readBiodata())
          #expect(rig.vault.withBytes(of: handle) { Data($0) } == Self.biodata)
          rig.vault.wipe(handle)
        }
        // The photo is still to be had without any of it.
        #expect(try await rig.reader.port.readPhoto() != nil)
        let said = rig.events.all.flatMap { [$0.name] + $0.fields.values }.joined(separator: "|")
        for secret in ["6FF1", "0411", "INVENTED", "F0F1", "BIODATA"] {
          #expect(!said.uppercased().contains(secret))
        }
      }
    }

    @Test(
      "whatever goes wrong at any step, there is no proof and nothing in the vault",
      arguments: [
        ("card", "sw 6982 at 6"), ("card", "garbage at 6"), ("card", "remove at 7"),
        ("card", "torn at 8"), ("card", "short at 5"), ("card", "garbage at 8"),
        ("second", "sw 6A80 at 3"), ("second", "garbage at 3"), ("second", "garbage at 5"),
        ("second", "sw 6982 at 4"), ("second", "torn at 6"),
      ])
    func brokenAnywhere(place: String, fault: String) async throws {
      try await withModule { rig, changes, module in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        try await (place == "card" ? rig.card : rig.second).tell("fault \(fault)")
        await #expect(throws: PortError.self) { try await module.readBiodata() }
        #expect(rig.vault.population == 0)
      }
    }

    @Test("nothing of card or module stays in memory: number, control file, secret, biodata")
    func nothingStays() async throws {
      // Drawn by lot and kept with every bit turned; only the lab's programs have them as they are.
      func draw(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max) }
      }
      let (control, number, secret, biodata) = (draw(51), draw(7), draw(32), draw(400))
      let folder = try TemporaryFolder()
      // Else it would go before the lab has read it.
      defer { withExtendedLifetime(folder) {} }
      func profile(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> String {
        let known = URL(filePath: LabProgram.laboratory + "/profiles/" + name)
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: known))
        var profile = try #require(parsed as? [String: Any])
        change(&profile)
        try JSONSerialization.data(withJSONObject: profile)
          .write(to: URL(filePath: folder.path + "/" + name))
        return folder.path + "/" + name
      }
      func hexadecimal(turned bytes: [UInt8]) -> String {
        bytes.map { byte in
          let digits = String(~byte, radix: 16)
          return digits.count == 1 ? "0" + digits : digits
        }.joined()
      }
      let card = try profile("ktp-secure.json") { profile in
        var files = profile["files"] as? [String: [String: Any]] ?? [:]
        files["6FF0"]?["data"] = hexadecimal(turned: control)
        files["6FF1"]?["text"] = nil
        files["6FF1"]?["data"] = hexadecimal(turned: biodata)
        // Its photo lies beside the other profile.
        files["6FF2"] = nil
        profile["files"] = files
        var secure = profile["secure"] as? [String: Any] ?? [:]
        secure["number"] = "80" + hexadecimal(turned: number)
        profile["secure"] = secure
      }
      let module = try profile("sam.json") { profile in
        profile["pcid"] = String(repeating: "0", count: 32)
        profile["conf"] = hexadecimal(turned: secret)
      }
      try await withModule(profile: module, turnedSecret: secret) {
        rig, changes, access in
        try await rig.card.tell("profile \(card)")
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        let handle = try #require(try await access.readBiodata())
        #expect(try OwnMemory.count(turned: biodata) == 1, "the look itself finds what is there")
        rig.vault.wipe(handle)
        for (name, turned) in [
          ("control", control), ("number", number), ("secret", secret), ("biodata", biodata),
        ] {
          #expect(try OwnMemory.count(turned: turned) == 0, "\(name)")
        }
      }
    }

    @Test("a wrong secret opens no module; a KTP-el without its key is believed by none")
    func strangers() async throws {
      try await withModule(turnedSecret: [UInt8](repeating: 7, count: 32)) { rig, changes, module in
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        await #expect(throws: PortError.self) { try await module.readBiodata() }
      }
      try await withModule { rig, changes, module in
        // A card that looks the same to a tap, photo and all.
        try await rig.card.tell("profile \(LabProgram.laboratory)/profiles/ktp.json")
        try await rig.card.tell("insert now")
        try await changes.wait(for: .present(.ktpEl))
        #expect(try await rig.reader.port.readPhoto() != nil)
        await #expect(throws: PortError.self) { try await module.readBiodata() }
      }
    }
  }
}

@Suite("What no card may do")
struct NoIdentityTests {
  /// All of the driver's and the session's code.
  private static let sources: [(name: String, text: String)] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
      .compactMap { url in
        (try? String(contentsOf: url, encoding: .utf8)).map { (url.lastPathComponent, $0) }
      }
  }()

  @Test("a card's number is asked for by the module's sequence alone, and its ATR by nobody")
  func noNumber() {
    #expect(Self.sources.count > 200)
    let asking = Self.sources.filter { $0.text.contains("0xFF, 0xCA") }.map(\.name)
    #expect(asking == ["SecureAccessSequence.swift"])
    for word in ["rgbAtr", "cbAtr", "SCardStatus(", "SCardGetAttrib"] {
      #expect(!Self.sources.contains { $0.text.contains(word) }, "\(word)")
    }
  }

  @Test("no credential is made of a card: who identifies somebody knows of no reader")
  func noCredential() {
    for name in ["CredentialDesk.swift", "StatusDesk.swift", "EntryTurn.swift", "Grants.swift"] {
      for file in Self.sources where file.name == name {
        #expect(!file.text.contains("CardReading") && !file.text.contains("ports.cards"), "\(name)")
      }
    }
    let readers = Self.sources.filter { $0.text.contains("readBiodata") }.map(\.name).sorted()
    #expect(readers == ["SecureAccess.swift", "SecureAccessModule.swift"])
  }
}
