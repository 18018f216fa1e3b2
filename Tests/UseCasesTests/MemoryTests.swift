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

/// Looks through the memory of this very process for text that is never written down in it: the
/// pattern is kept with every bit turned, and compared so.
private enum OwnMemory {
  static func count(turned pattern: [UInt8]) throws -> Int {
    let maps = try text("/proc/self/maps")
    try #require(maps.contains("[stack]"))
    let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    try #require(memory >= 0)
    defer { close(memory) }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
    defer { block.deallocate() }
    var found = 0
    for line in maps.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 1, fields[1].hasPrefix("rw"), !line.hasSuffix("[vvar]") else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, ends[1] - ends[0] < 1 << 30 else { continue }
      found += count(memory, block, from: ends[0], to: ends[1], pattern)
    }
    return found
  }

  /// A file of the kernel, whose size is told as zero.
  private static func text(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    try #require(file >= 0)
    defer { close(file) }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file, &block, block.count)
      guard count > 0 else { break }
      text += block[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let blockBytes = 1 << 20

  private static func count(
    _ memory: Int32, _ block: UnsafeMutableRawBufferPointer, from start: UInt64, to end: UInt64,
    _ turned: [UInt8]
  ) -> Int {
    // The block's own pages hold a copy of what was read before.
    let own = UInt64(UInt(bitPattern: block.baseAddress))
    var found = 0
    var at = start
    while at < end {
      let length = Int(min(UInt64(blockBytes), end - at))
      let read = pread(memory, block.baseAddress, length, off_t(at))
      let overlaps = at < own + UInt64(blockBytes) && own < at + UInt64(length)
      if read > 0, !overlaps { found += matches(.init(rebasing: block[..<read]), turned) }
      block.initializeMemory(as: UInt8.self, repeating: 0)
      // Blocks overlap by a pattern less one byte.
      at += UInt64(length < blockBytes ? length : blockBytes - turned.count + 1)
    }
    return found
  }

  private static func matches(_ bytes: UnsafeMutableRawBufferPointer, _ turned: [UInt8]) -> Int {
    guard bytes.count >= turned.count else { return 0 }
    var found = 0
    for offset in 0...(bytes.count - turned.count) where bytes[offset] == ~turned[0] {
      var index = 1
      while index < turned.count, bytes[offset + index] == ~turned[index] { index += 1 }
      if index == turned.count { found += 1 }
    }
    return found
  }
}

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
