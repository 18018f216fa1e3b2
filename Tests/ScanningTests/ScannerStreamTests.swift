import SensitiveMemory
import Testing

@testable import Scanning

@Suite("What a grabbed scanner sends") struct ScannerStreamTests {
  /// A scan of `text` (small letters and digits) from `at`, a key in three milliseconds.
  private func scan(
    _ codes: [UInt16], end: UInt16? = 28, from start: Int64, _ stream: inout ScannerStream
  ) -> [ScannerStream.Output] {
    var outputs: [ScannerStream.Output] = []
    for (index, code) in (codes + (end.map { [$0] } ?? [])).enumerated() {
      let at = start + Int64(index) * 3
      outputs += stream.take(KeyEvent(code: code, move: .down), at: at)
      outputs += stream.take(KeyEvent(code: code, move: .up), at: at + 1)
    }
    return outputs
  }

  private let digits: [UInt16] = [2, 3, 4, 5, 6, 7, 8]
  private let bytes = "1234567".utf8.map { ScannerStream.Output.collect($0) }

  @Test("a scan comes out whole; Tab ends it as Enter does")
  func whole() {
    var stream = ScannerStream(endsWithSilence: false)
    #expect(scan(digits, from: 0, &stream) == bytes + [.finished])
    #expect(scan(digits, end: 15, from: 2000, &stream) == bytes + [.finished])
  }

  @Test("without a suffix silence ends it; with one, silence throws it away")
  func silence() {
    var bare = ScannerStream(endsWithSilence: true)
    #expect(scan(digits, end: nil, from: 0, &bare) == bytes)
    #expect(bare.silence(at: bare.deadline ?? 0) == [.finished])
    var usual = ScannerStream(endsWithSilence: false)
    _ = scan(digits, end: nil, from: 0, &usual)
    #expect(usual.silence(at: usual.deadline ?? 0) == [.discarded, .lost(.cutOff)])
  }

  @Test("what a hand types never comes out, and is told once")
  func byHand() {
    var stream = ScannerStream(endsWithSilence: false)
    var outputs: [ScannerStream.Output] = []
    for (index, code) in (digits + [28]).enumerated() {
      outputs += stream.take(KeyEvent(code: code, move: .down), at: Int64(index) * 200)
    }
    #expect(outputs == [.lost(.byHand)])
    // Enter alone, and codes of a few characters, are no scans either.
    #expect(stream.take(KeyEvent(code: 28, move: .down), at: 9000) == [.lost(.byHand)])
    #expect(scan([2, 3, 4], from: 20_000, &stream) == [.lost(.byHand)])
  }

  @Test("lost events take the scan with them, and its rest; a shift that is still held is known")
  func lost() {
    var stream = ScannerStream(endsWithSilence: false)
    #expect(scan(digits, end: nil, from: 0, &stream) == bytes)
    let held = KeyDecoder.Held(keys: [42])
    #expect(stream.lost(held: held, at: 22) == [.discarded, .lost(.eventsLost)])
    #expect(scan(digits, from: 25, &stream) == [])
    #expect(scan(digits, from: 2000, &stream).first == .collect(UInt8(ascii: "!")))
  }

  @Test("a key that no code holds spoils the scan, wherever it comes")
  func foreign() {
    for place in 0...7 {
      var stream = ScannerStream(endsWithSilence: false)
      var codes = digits
      codes.insert(59, at: place)
      let outputs = scan(codes, from: 0, &stream)
      #expect(outputs.filter { $0 == .lost(.foreignKey) }.count == 1)
      #expect(!outputs.contains(.finished))
      #expect(scan(digits, from: 5000, &stream) == bytes + [.finished])
    }
  }

  @Test("two scans a second are taken, more are not; the one after a rest is")
  func tooOften() {
    var stream = ScannerStream(endsWithSilence: false)
    var finished = 0
    var refused = 0
    var told = 0
    for round in 0..<20 {
      let outputs = scan(digits, from: Int64(round) * 50, &stream)
      finished += outputs.count { $0 == .finished }
      refused += outputs.count { $0 == .discarded }
      told += outputs.count { $0 == .lost(.tooOften) }
    }
    #expect(finished == 1 && refused == 19 && told == 1)
    #expect(scan(digits, from: 5000, &stream).last == .finished)
    #expect(scan(digits, from: 5100, &stream).last == .lost(.tooOften))
  }

  @Test("a loss that goes on for a minute is told once, whatever the device says of its times")
  func toldOnce() {
    for step in [1, 40, 400, 1900] as [Int64] {
      var stream = ScannerStream(endsWithSilence: false)
      var outputs: [ScannerStream.Output] = []
      for now in stride(from: Int64(0), to: 60_000, by: Int64.Stride(step)) {
        outputs += stream.lost(held: KeyDecoder.Held(), at: now)
        // A key of a second ago, as the oldest that is taken for one.
        outputs += stream.take(KeyEvent(code: 59, move: .down), at: now - 1000)
      }
      #expect(outputs.count { $0 == .lost(.eventsLost) } == 1, "\(step)")
      #expect(outputs.count { $0 == .lost(.foreignKey) } <= 1, "\(step)")
    }
  }

  @Test("times that jump back open no ears: the rest of a lost scan stays unheard")
  func jumpingBack() {
    var stream = ScannerStream(endsWithSilence: false)
    #expect(stream.lost(held: KeyDecoder.Held(), at: 1000) == [.discarded, .lost(.eventsLost)])
    #expect(stream.take(KeyEvent(code: 2, move: .down), at: 100) == [])
    #expect(scan(digits, from: 1400, &stream) == [])
    #expect(scan(digits, from: 5000, &stream).last == .finished)
  }

  @Test("too long: thrown away once, at the limit")
  func tooLong() {
    var stream = ScannerStream(endsWithSilence: false)
    let outputs = scan([UInt16](repeating: 2, count: 700), from: 0, &stream)
    #expect(outputs.count == ScanCollector.limitBytes + 2)
    #expect(outputs.suffix(2) == [.discarded, .lost(.tooLong)])
  }

  @Test("any events at all: never a scan without its bytes, never more bytes than the limit")
  func anything() {
    var chance = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var stream = ScannerStream(endsWithSilence: Bool.random(using: &chance))
      var at: Int64 = 0
      var collected = 0
      for _ in 0..<400 {
        let code =
          Bool.random(using: &chance) ? UInt16.random(in: 2...57) : UInt16.random(in: 0...767)
        at += Int64.random(in: -3...(Bool.random(using: &chance) ? 5 : 120))
        let move = KeyEvent.Move(rawValue: Int32.random(in: 0...2)) ?? .down
        let outputs =
          Int.random(in: 0..<50) == 0
          ? stream.lost(held: KeyDecoder.Held(), at: at)
          : stream.take(KeyEvent(code: code, move: move), at: at)
        for output in outputs {
          switch output {
          case .collect(let byte):
            collected += 1
            #expect((0x20...0x7e).contains(byte))
            #expect(collected <= ScanCollector.limitBytes)
          case .finished:
            #expect(collected >= ScanCollector.shortestScan)
            collected = 0
          case .discarded: collected = 0
          case .lost: break
          }
        }
      }
    }
  }

  @Test("a scan whose secrets were wiped in the middle does not come out in part")
  func basket() throws {
    let vault = SecretVault()
    var basket = ScanBasket(vault: vault)
    for byte in "12345".utf8 { basket.collect(byte) }
    vault.wipeAll()
    for byte in "67890".utf8 { basket.collect(byte) }
    #expect(basket.finish() == nil)
    #expect(vault.population == 0)
    for byte in "12345".utf8 { basket.collect(byte) }
    let finished = basket.finish()
    let payload = try #require(finished)
    #expect(vault.count(of: payload) == 5)
    basket.wipe()
    #expect(vault.count(of: payload) == 5)
  }
}
