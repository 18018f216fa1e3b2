import Testing

@testable import KioskConfiguration

/// What the configuration lets through to libcups.
@Suite("The address of a queue") struct QueueAddressTests {
  @Test("a server is a host with or without a port, or the path of a socket")
  func server() {
    for text in [
      "localhost", "127.0.0.1", "cups.dinas.example", "cups.dinas.example:631", "antrean_1:8631",
      "[::1]", "[::1]:631", "[fe80::1%eth0]:631", "/run/cups/cups.sock",
    ] {
      #expect(QueueAddress.isServer(text), "\(text)")
    }
    for text in [
      "", "/", "/run/cups/", "run/cups.sock", "tamu:rahasia@localhost", "tamu@localhost",
      "http://localhost/x", "ipp://localhost", "localhost/version=1.1", "localhost:631/version=1.1",
      "localhost:", "localhost:0", "localhost:65536", "localhost:http", ":631", "::1", "[::1",
      "[x]",
      "a b", "a\nb", "/run/a\u{0}b", "/run/a\nb", "a%2fb", "a?b", "a#b", "a;b", "..", "a..b", "-a",
    ] {
      #expect(!QueueAddress.isServer(text), "\(text)")
    }
  }

  @Test("a queue's name is one that CUPS lists, and no part of another path")
  func name() {
    for name in ["kiosk", "Loket_1", "a.b", "...", String(repeating: "a", count: 127)] {
      #expect(QueueAddress.isName(name), "\(name)")
    }
    for name in [
      "", ".", "..", "a/b", "/", "a%2fb", "a%2f..%2fx", "a#b", "a?b", "a b", "a\tb", "a\r\nX: y",
      "a\u{0}b", "a\u{7F}b", "a\\b", "a'b", "a\"b", "é", String(repeating: "a", count: 128),
    ] {
      #expect(!QueueAddress.isName(name), "\(name)")
    }
  }

  @Test("a queue's path is seen however it is spelt")
  func path() {
    for path in [
      "/printers/q", "/classes/q", "/%70rinters/q", "/printers%2fq", "/printers%2Fq",
      "%2Fprinters%2Fq", "/%2570rinters/q", "/%25252570rinters/q", "/x/..%2f%63lasses%2fq",
      "//printers/q",
      "/%ff/printers%2fq",
    ] {
      #expect(QueueAddress.isPathOfQueue(path), "\(path)")
    }
    for path in [
      "", "/", "/ipp/print", "/printer/q", "/printers", "/ipp/printers%", "/ipp%2fprint", "/%zz",
      "/%7", "/%", "/%ff%fe", "/%e9%25",
    ] {
      #expect(!QueueAddress.isPathOfQueue(path), "\(path)")
    }
  }
}
