internal import Glibc
internal import TicketPaper

/// The settings of a serial line: eight bits, no parity, one stop bit, as ticket printers leave the
/// factory; speed and flow control as the profile says. A pseudo terminal takes them and does not care.
enum SerialLine {
  static func prepare(_ descriptor: Int32, _ profile: TicketPrinterProfile) {
    var settings = termios()
    if unsafe tcgetattr(descriptor, &settings) == 0 {
      unsafe cfmakeraw(&settings)
      // A printer that loses its power leaves a break and broken bytes on the line, and each would be
      // read as 0x00, which confirms a slip. So neither is read at all: the kernel looks for broken
      // bytes (INPCK; here those without a stop bit, for there is no parity) and drops them (IGNPAR)
      // as it drops the break (IGNBRK). PARMRK, which would put 0x00 into the mark of each, is off
      // since cfmakeraw.
      settings.c_iflag |= tcflag_t(IGNBRK | INPCK | IGNPAR)
      settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
      settings.c_cflag &= ~tcflag_t(CRTSCTS)
      switch profile.flowControl {
      case .none: break
      case .software: settings.c_iflag |= tcflag_t(IXON)
      case .hardware: settings.c_cflag |= CRTSCTS
      }
      unsafe cfsetspeed(&settings, speed(profile.baud))
      unsafe tcsetattr(descriptor, TCSANOW, &settings)
    }
    tcflush(descriptor, TCIFLUSH)  // answers to somebody who asked before us
  }

  private static func speed(_ baud: Int) -> speed_t {
    let speed =
      switch baud {
      case 115200: B115200
      case 57600: B57600
      case 38400: B38400
      case 19200: B19200
      default: B9600
      }
    return speed_t(speed)
  }

  /// How long bytes are on the line, ten bits each.
  static func time(of count: Int, _ profile: TicketPrinterProfile) -> Duration {
    .milliseconds(count * 10_000 / max(1, profile.baud))
  }
}
