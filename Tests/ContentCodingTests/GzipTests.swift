import ContentCoding
import Testing

@Suite("gzip as a content coding")
struct GzipTests {
  private static let text = Array(String(repeating: "Kantor Rekaan. ", count: 500).utf8)

  @Test("what was packed comes out again, also nothing at all")
  func roundTrip() throws {
    for bytes in [Self.text, [], [0]] {
      #expect(try Gzip.unpack(Gzip.pack(bytes), limit: bytes.count) == bytes)
    }
    #expect(try Gzip.pack(Self.text).count < Self.text.count / 20)
  }

  @Test("a body that would fill the memory is refused at its limit")
  func bomb() throws {
    let packed = try Gzip.pack([UInt8](repeating: 0, count: 8 << 20))
    #expect(packed.count < 10_000)
    #expect(throws: GzipProblem.tooLarge) { try Gzip.unpack(packed, limit: 1 << 20) }
    #expect(throws: GzipProblem.tooLarge) { try Gzip.unpack(packed, limit: (8 << 20) - 1) }
    #expect(try Gzip.unpack(packed, limit: 8 << 20).count == 8 << 20)
  }

  @Test("every cut, a byte behind the end and every changed byte of the content are noticed")
  func damage() throws {
    let packed = try Gzip.pack(Self.text)
    for length in 0..<packed.count {
      #expect(throws: GzipProblem.malformed) {
        try Gzip.unpack(Array(packed[..<length]), limit: 1 << 20)
      }
    }
    #expect(throws: GzipProblem.malformed) { try Gzip.unpack(packed + [0], limit: 1 << 20) }
    // The first ten bytes are the header, whose time and system mean nothing.
    for index in 10..<packed.count {
      var changed = packed
      changed[index] ^= 0x11
      let unpacked = try? Gzip.unpack(changed, limit: 1 << 20)
      #expect(unpacked == nil || unpacked == Self.text)
    }
  }
}
