import ArgumentParser
import DeviceThreads
import Glibc
import OfficeModel
import Ports
import Synchronization

/// What a driver that does not hold its promises would do: the proof has to find each of them.
enum Lie: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// Every document is said to be delivered.
  case delivered
  /// Every document that is not delivered is said not to be printed.
  case notPrinted = "not-printed"
  /// Every document is printed once more behind the driver's back.
  case twice
  /// Every ticket is said to be confirmed.
  case confirmed
  /// One byte of every photo is another.
  case photo
  /// Once a card has been seen, no reading is told any more.
  case reading
  case descriptor, memory, thread

  private static let kept = Mutex<[[UInt8]]>([])

  /// Leaves behind what the lie leaves behind with each piece of work.
  func leak() {
    switch self {
    case .descriptor: _ = open("/dev/null", O_RDONLY | O_CLOEXEC)
    case .memory: Self.kept.withLock { $0.append([UInt8](repeating: 1, count: 64 << 10)) }
    case .thread: Threads.start(name: "left-behind") { pause() }
    case .delivered, .notPrinted, .twice, .confirmed, .photo, .reading: break
    }
  }

  func told(_ step: PrintStep) -> PrintStep {
    switch (self, step) {
    case (.delivered, .ended), (.delivered, .left): .ended(.delivered, fault: nil)
    case (.notPrinted, .ended(.unknown, let fault)): .ended(.notPrinted, fault: fault)
    default: step
    }
  }
}
