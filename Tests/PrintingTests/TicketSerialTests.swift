import Foundation
import Glibc
import TestSupport
import Testing
import TicketPaper

@testable import Printing

/// Speed and flow control as the kernel has them afterwards; on a pseudo terminal, which keeps them.
@Suite("The serial line of a ticket printer", .timeLimit(.minutes(1)))
struct TicketSerialTests {
  @Test("is set as the profile says, and passes every byte as it is")
  func settings() async throws {
    let speeds = [
      (9600, B9600), (19200, B19200), (38400, B38400), (57600, B57600), (115200, B115200),
    ]
    try await withTicketDevice { rig in
      let path = rig.lab.folder.path + "/lp0"
      for (baud, constant) in speeds {
        for flow in TicketPrinterProfile.FlowControl.allCases {
          let profile = TicketPrinterProfile(name: "uji", baud: baud, flowControl: flow)
          let link = try SystemLink(.device(path: path), profile, limit: .seconds(1))
          #expect(link.isSerial)
          let settings = try withExtendedLifetime(link) { try Self.settings(of: path) }
          var copy = settings
          #expect(cfgetospeed(&copy) == speed_t(constant), "\(baud)")
          #expect((settings.c_iflag & tcflag_t(IXON) != 0) == (flow == .software), "\(flow)")
          #expect((settings.c_cflag & CRTSCTS != 0) == (flow == .hardware), "\(flow)")
          // What is broken is not read: as 0x00 it would confirm a slip.
          let ignored = tcflag_t(IGNBRK | INPCK | IGNPAR)
          #expect(settings.c_iflag & ignored == ignored)
          #expect(settings.c_iflag & tcflag_t(BRKINT | PARMRK) == 0)
          // Raw: no echo, no lines, no signals, no newline made two bytes.
          #expect(settings.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
          #expect(settings.c_oflag & tcflag_t(OPOST) == 0)
          #expect(settings.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS8))
        }
      }
    }
  }

  /// The line as another program sees it.
  private static func settings(of path: String) throws -> termios {
    let line = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    try #require(line >= 0)
    defer { close(line) }
    var settings = termios()
    try #require(tcgetattr(line, &settings) == 0)
    return settings
  }
}
