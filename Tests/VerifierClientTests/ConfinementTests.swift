import CLinux
import Foundation
import Ports
import SensitiveMemory
import Testing
import VerifierClient

@Suite("The renderer's walls")
struct ConfinementTests {
  @Test(
    "a renderer reads programs, libraries and fonts, and no other file",
    .enabled(if: Bench.kernelHasLandlock, "this kernel has no Landlock"))
  func files() async throws {
    let vault = SecretVault()
    let handle = try Bench.store(try Bench.bytes("v-pss"), in: vault)
    let prying = PreviewRenderer(helper: Bench.helper, renderer: Bench.script("prying-renderer"))
    let page = try await prying.render(
      handle, of: vault, byteCount: 100, order: PageOrder(page: 1, size: .width(16)))
    #expect(page.width == 1)
    // Without walls the same program reads what it must not.
    let free = Process()
    free.executableURL = URL(filePath: Bench.script("prying-renderer"))
    free.standardOutput = FileHandle.nullDevice
    try free.run()
    free.waitUntilExit()
    #expect(free.terminationStatus == 9)
  }

  @Test("a page with text is drawn with fonts of the system within the walls")
  func fonts() async throws {
    let vault = SecretVault()
    let bytes = try Bench.bytes("v-blt-ocsp")
    let handle = try Bench.store(bytes, in: vault)
    let walled = try await PreviewRenderer(helper: Bench.helper)
      .render(handle, of: vault, byteCount: 20_633, order: PageOrder(page: 1, size: .width(300)))
    let within = vault.withBytes(of: walled.bitmap) { Array($0) } ?? []

    let free = Process()
    free.executableURL = URL(filePath: "/usr/bin/pdftoppm")
    free.arguments = [
      "-q", "-f", "1", "-l", "1", "-singlefile", "-scale-to-x", "300", "-scale-to-y", "-1", "-",
    ]
    let input = Pipe()
    let output = Pipe()
    free.standardInput = input
    free.standardOutput = output
    try free.run()
    try input.fileHandleForWriting.write(contentsOf: Data(bytes[..<20_633]))
    try input.fileHandleForWriting.close()
    let picture = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
    free.waitUntilExit()
    #expect(!within.isEmpty)
    #expect(Array(picture.suffix(within.count)) == within)
  }
}
