import Testing

@testable import Scanning

@Suite("Scanner or person") struct ScanCollectorTests {
  @Test("characters that come fast and end with Enter are a scan")
  func scan() {
    var collector = ScanCollector()
    var outputs: [ScanCollector.Output] = []
    for (index, byte) in "QR-12345".utf8.enumerated() {
      outputs += collector.character(byte, at: Int64(index * 5))
    }
    outputs += collector.enter(at: 40)
    #expect(outputs == "QR-12345".utf8.map { .collect($0) } + [.finished])
    #expect(collector.deadline == nil)
  }

  @Test("slow characters are a person's and come out one by one")
  func person() {
    var collector = ScanCollector()
    #expect(collector.character(0x31, at: 0) == [])
    #expect(collector.deadline == 80)
    #expect(collector.silence(at: 79) == [])
    #expect(collector.silence(at: 80) == [.typed(0x31)])
    #expect(collector.character(0x32, at: 200) == [])
    #expect(collector.character(0x33, at: 400) == [.typed(0x32)])
    #expect(collector.enter(at: 420) == [.typed(0x33), .enter])
  }

  @Test("half a scan goes, and so does one that is too long")
  func broken() {
    var collector = ScanCollector()
    for index in 0..<10 { _ = collector.character(0x41, at: Int64(index)) }
    #expect(collector.silence(at: 100) == [.discarded(.cutOff)])
    // Its late end neither types nor presses Enter.
    #expect(collector.character(0x32, at: 130) == [])
    #expect(collector.character(0x33, at: 500) == [])
    #expect(collector.enter(at: 900) == [])

    var outputs: [ScanCollector.Output] = []
    for index in 0..<600 { outputs += collector.character(0x41, at: 2_000 + Int64(index)) }
    outputs += collector.enter(at: 2_601)
    #expect(outputs.filter { $0 == .collect(0x41) }.count == ScanCollector.limitBytes)
    #expect(outputs.last == .discarded(.tooLong))
    #expect(!outputs.contains(.finished) && !outputs.contains(.enter))
    #expect(collector.character(0x31, at: 9_000) == [])
    #expect(collector.silence(at: 9_080) == [.typed(0x31)])
  }
}
