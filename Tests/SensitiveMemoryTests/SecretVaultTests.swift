import Glibc
import SensitiveMemory
import Testing

@Suite struct SecretVaultTests {
  let vault = SecretVault()
  let entry = SecretHandle(id: 1)

  private func type(_ digits: String) throws {
    for byte in digits.utf8 { try vault.append(byte, to: entry) }
  }

  private func bytes(of handle: SecretHandle) -> [UInt8]? {
    vault.withBytes(of: handle) { Array($0) }
  }

  @Test("digits come back in the order they were typed")
  func order() throws {
    try type("9999991203900001")
    #expect(vault.count(of: entry) == 16)
    #expect(bytes(of: entry) == Array("9999991203900001".utf8))
  }

  @Test("deleting takes the last digit and nothing else")
  func deleting() throws {
    try type("123")
    vault.removeLast(of: entry)
    #expect(bytes(of: entry) == Array("12".utf8))
    for _ in 0..<5 { vault.removeLast(of: entry) }
    #expect(vault.count(of: entry) == 0)
  }

  @Test("an entry stops growing at its limit")
  func limit() throws {
    for _ in 0..<(SecretVault.entryLimitBytes + 10) { try vault.append(7, to: entry) }
    #expect(vault.count(of: entry) == SecretVault.entryLimitBytes)
  }

  @Test("a bulk secret above its limit is refused and keeps nothing")
  func bulkLimit() throws {
    let handle = try vault.makeBulk(capacity: 1024)
    let block = [UInt8](repeating: 1, count: 1 << 20)
    var accepted = 0
    for _ in 0..<100 {
      let fits = try block.withUnsafeBytes { try vault.append(contentsOf: $0, to: handle) }
      if fits { accepted += 1 }
    }
    #expect(accepted == SecretVault.bulkLimitBytes >> 20)
    vault.wipe(handle)
    #expect(vault.population == 0)
  }

  @Test("wiping forgets one secret, the end of a session forgets all")
  func wiping() throws {
    try type("55")
    let other = try [1, 2, 3].withUnsafeBytes { try vault.store($0) }
    vault.wipe(entry)
    #expect(bytes(of: entry) == nil)
    #expect(bytes(of: other) != nil)
    vault.wipeAll()
    #expect(vault.population == 0)
  }

  @Test("after a wipe the digits are nowhere in this process's memory")
  func nowhereInMemory() throws {
    // The pattern is made byte by byte at run time so that no constant of it lies in the binary.
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next() -> UInt8 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(ascii: "0") + UInt8((seed >> 33) % 10)
    }
    let start = seed
    for _ in 0..<48 { try vault.append(next(), to: entry) }
    func isFound() throws -> Bool {
      try MemorySearch.contains(length: 48) {
        seed = start
        return next
      }
    }
    let before = try isFound()
    #expect(before, "the search itself must be able to find it")
    vault.wipe(entry)
    let after = try isFound()
    #expect(!after)
  }
}

/// Looks through the writable memory of this process for a pattern that is produced on demand.
enum MemorySearch {
  static func contains(length: Int, pattern: () -> () -> UInt8) throws -> Bool {
    let file = open("/proc/self/mem", O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    var window = [UInt8](repeating: 0, count: 1 << 16)
    // What was read must not be found by the next search in memory that was given back.
    defer {
      window.withUnsafeMutableBytes { bytes in
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
      }
    }
    for region in try writableRegions() {
      var address = region.start
      while address < region.end {
        let size = min(UInt64(window.count), region.end - address)
        let own = window.withUnsafeBytes { UInt64(UInt(bitPattern: $0.baseAddress)) }
        // The window itself would show what it has just read.
        if address < own + UInt64(window.count), address + size > own {
          address += size
          continue
        }
        let got = pread(file, &window, Int(size), Int(bitPattern: UInt(address)))
        guard got > 0 else { break }
        if search(window, got, length, pattern) { return true }
        address += got == Int(size) && got > length ? UInt64(got - length) : UInt64(got)
      }
    }
    return false
  }

  private static func search(
    _ window: [UInt8], _ count: Int, _ length: Int, _ pattern: () -> () -> UInt8
  ) -> Bool {
    guard count >= length else { return false }
    candidates: for offset in 0...(count - length) {
      let next = pattern()
      for index in 0..<length where window[offset + index] != next() { continue candidates }
      return true
    }
    return false
  }

  private static func writableRegions() throws -> [(start: UInt64, end: UInt64)] {
    let file = try #require(fopen("/proc/self/maps", "r"))
    defer { fclose(file) }
    var regions: [(UInt64, UInt64)] = []
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let fields = text.split(separator: " ")
      guard fields.count >= 2, fields[1].hasPrefix("rw"), !text.contains("[v") else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      if ends.count == 2 { regions.append((ends[0], ends[1])) }
    }
    return regions
  }
}
