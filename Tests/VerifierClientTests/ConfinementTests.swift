import CLinux
import Foundation
import Glibc
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

  @Test(
    "the system-call filters alone, without Landlock, keep from files, network and processes",
    arguments: [
      FilterProbe.Wall(name: "renderer", enter: clinux_confine_to_reading, opensFiles: true),
      FilterProbe.Wall(name: "verifier", enter: clinux_confine_to_calculation, opensFiles: false),
    ])
  func filters(wall: FilterProbe.Wall) throws {
    let peer = Process()
    peer.executableURL = URL(filePath: "/bin/sleep")
    peer.arguments = ["600"]
    try peer.run()
    defer {
      // It inherits this thread's blocked signals; this one is never blocked.
      kill(peer.processIdentifier, SIGKILL)
      peer.waitUntilExit()
    }
    let harmful = FilterProbe.harmful(to: Int(peer.processIdentifier))
    let free = FilterProbe.codes(of: harmful, behind: nil)
    let walled = FilterProbe.codes(of: harmful, behind: wall)
    let refusals = [EPERM, ENOSYS, ENOTTY]
    for (call, (code, refusal)) in zip(harmful, zip(free, walled)) {
      #expect(!refusals.contains(code), "\(call.name) is refused without walls: \(code)")
      #expect(refusals.contains(refusal), "\(call.name) passes the \(wall.name)'s filter")
    }
    let needed = FilterProbe.needed(opensFiles: wall.opensFiles)
    for (call, code) in zip(needed, FilterProbe.codes(of: needed, behind: wall)) {
      #expect(code == 0, "\(call.name) is refused by the \(wall.name)'s filter: \(code)")
    }
  }

  @Test(
    "a page with text is drawn with fonts of the system within the walls",
    arguments: ["v-blt-ocsp", "v-pss", "v-bt-rsa2048", "v-embedded-font"])
  func fonts(name: String) async throws {
    let vault = SecretVault()
    let bytes = try Bench.bytes(name)
    let handle = try Bench.store(bytes, in: vault)
    let walled = try await PreviewRenderer(helper: Bench.helper).render(
      handle, of: vault, byteCount: bytes.count, order: PageOrder(page: 1, size: .width(300)))
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
    try input.fileHandleForWriting.write(contentsOf: Data(bytes))
    try input.fileHandleForWriting.close()
    let picture = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
    free.waitUntilExit()
    #expect(!within.isEmpty)
    #expect(Array(picture.suffix(within.count)) == within)
  }
}
