import Ports
import SensitiveMemory
import Testing

@testable import VerifierClient

@Suite("The preview")
struct PreviewRendererTests {
  private let renderer = PreviewRenderer(helper: Bench.helper)

  @Test("page 1 of the signed revision is drawn into the vault at the width asked for")
  func draws() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(try Bench.bytes("v-blt-ocsp"), in: vault)
    let page = try await renderer.port(vault: vault).render(
      handle, 20_633, PageOrder(page: 1, size: .width(400)))
    #expect(page.width == 400)
    #expect(page.height > 100)
    #expect(vault.count(of: page.bitmap) == page.width * page.height * 3)
    // A page has ink and paper.
    let shades = vault.withBytes(of: page.bitmap) { Set($0).count } ?? 0
    #expect(shades > 2)
  }

  @Test("what was added after the signature does not reach the renderer")
  func onlySignedBytes() async throws {
    let vault = SecretVault()
    let signed = try Bench.bytes("v-bt-rsa2048")
    let longer = signed + Array("\n% more\n".utf8)
    let a = try Bench.store(signed, in: vault)
    let b = try Bench.store(longer, in: vault)
    let one = try await renderer.render(
      a, of: vault, byteCount: signed.count, order: PageOrder(page: 1, size: .width(200)))
    let two = try await renderer.render(
      b, of: vault, byteCount: signed.count, order: PageOrder(page: 1, size: .width(200)))
    let first = vault.withBytes(of: one.bitmap) { Array($0) }
    let second = vault.withBytes(of: two.bitmap) { Array($0) }
    #expect(first == second)
  }

  @Test("any page is drawn, by its longer side too, and one that is not there is an error")
  func otherPages() async throws {
    let vault = SecretVault()
    let bytes = try Bench.bytes("v-two-pages")
    let handle = try Bench.store(bytes, in: vault)
    func draw(_ page: Int) async throws -> [UInt8]? {
      let order = PageOrder(page: page, size: .longSide(300))
      let drawn = try await renderer.render(
        handle, of: vault, byteCount: bytes.count, order: order)
      #expect(max(drawn.width, drawn.height) == 300)
      return vault.withBytes(of: drawn.bitmap) { Array($0) }
    }
    let first = try await draw(1)
    let second = try await draw(2)
    #expect(first != second)
    await #expect(throws: PortError.self) { _ = try await draw(3) }
    await #expect(throws: PortError.self) { _ = try await draw(0) }
  }

  @Test("a page is drawn as far as its crop box, as viewers show it and printers print it")
  func cropBox() async throws {
    let vault = SecretVault()
    let bytes = try Bench.bytes("isa-cropbox")
    let handle = try Bench.store(bytes, in: vault)
    let page = try await renderer.render(
      handle, of: vault, byteCount: bytes.count, order: PageOrder(page: 1, size: .width(200)))
    // 445 of 842 points; the whole sheet would give 141 or 142.
    #expect(page.height < 110)
  }

  @Test("more bytes than the document has, or none, is an error and leaves nothing behind")
  func wrongLength() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(try Bench.bytes("v-pss"), in: vault)
    await #expect(throws: PortError.self) {
      _ = try await renderer.render(
        handle, of: vault, byteCount: 9_999_999, order: PageOrder(page: 1, size: .width(200)))
    }
    await #expect(throws: PortError.self) {
      _ = try await renderer.render(
        handle, of: vault, byteCount: 0, order: PageOrder(page: 1, size: .width(200)))
    }
    #expect(vault.population == 1)
  }

  @Test("a document that cannot be drawn is an error and leaves nothing behind")
  func broken() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(Array("%PDF-1.7 nothing".utf8), in: vault)
    await #expect(throws: PortError.self) {
      _ = try await renderer.render(
        handle, of: vault, byteCount: 16, order: PageOrder(page: 1, size: .width(200)))
    }
    #expect(vault.population == 1)
  }

  @Test("a renderer that hangs is killed when its time is over")
  func hanging() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(try Bench.bytes("v-pss"), in: vault)
    let slow = PreviewRenderer(
      helper: Bench.helper, renderer: Bench.script("hang"), wallLimit: .milliseconds(300))
    await #expect(throws: PortError(.timedOut, step: "preview")) {
      _ = try await slow.render(
        handle, of: vault, byteCount: 100, order: PageOrder(page: 1, size: .width(200)))
    }
    #expect(vault.population == 1)
  }

  @Test("the confined renderer can write no file and is limited")
  func confined() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(try Bench.bytes("v-pss"), in: vault)
    // The script draws only when nothing could be written or started and the limits are on.
    let probe = PreviewRenderer(
      helper: Bench.helper, renderer: Bench.script("confined-renderer"))
    let page = try await probe.render(
      handle, of: vault, byteCount: 100, order: PageOrder(page: 1, size: .width(16)))
    #expect(page.width == 1)
  }

  @Test(
    "a picture that is not as announced is refused",
    arguments: [
      "P5 1 1 255\nabc", "P6 1 1 255\nabcd", "P6 0 1 255\n", "P6 99999 99999 255\nx",
      "P6 -1 -1 255\n", String(repeating: "P", count: 100), "P6 1 1 65535\nabc",
    ])
  func pictures(_ text: String) {
    let vault = SecretVault()
    var receiver = PPMReceiver(vault: vault, limit: 1000)
    let taken = Array(text.utf8).withUnsafeBytes { receiver.receive($0) }
    #expect(!(taken && receiver.finish() != nil))
    receiver.discard()
    #expect(vault.population == 0)
  }
}
