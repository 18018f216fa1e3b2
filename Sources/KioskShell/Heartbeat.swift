public import OfficeModel
internal import Synchronization

/// Stamps of the loop, readable from any thread: a screen that hangs shows here.
public final class Heartbeat: Sendable {
  private let loop = Atomic<Int64>(-1)
  private let frame = Atomic<Int64>(-1)
  private let touch = Atomic<Int64>(-1)
  private let loops = Atomic<UInt64>(0)
  private let frames = Atomic<UInt64>(0)
  private let failures = Atomic<UInt64>(0)

  /// The loop stamps itself at least this often, also when nothing happens.
  public static let interval = Duration.seconds(5)

  public init() {}

  /// When the loop last came round; nil before the first time.
  public var lastLoop: Uptime? { Self.uptime(loop) }
  /// When a frame last reached the window.
  public var lastFrame: Uptime? { Self.uptime(frame) }
  /// When a finger, the mouse or a key was last used.
  public var lastTouch: Uptime? { Self.uptime(touch) }
  public var loopCount: UInt64 { loops.load(ordering: .relaxed) }
  public var frameCount: UInt64 { frames.load(ordering: .relaxed) }
  /// Frames that could not be put on the window.
  public var failureCount: UInt64 { failures.load(ordering: .relaxed) }

  package func looped(at uptime: Uptime) {
    loop.store(uptime.milliseconds, ordering: .relaxed)
    loops.add(1, ordering: .relaxed)
  }

  package func drew(at uptime: Uptime) {
    frame.store(uptime.milliseconds, ordering: .relaxed)
    frames.add(1, ordering: .relaxed)
  }

  func failed() { failures.add(1, ordering: .relaxed) }
  package func touched(at uptime: Uptime) { touch.store(uptime.milliseconds, ordering: .relaxed) }

  private static func uptime(_ stamp: borrowing Atomic<Int64>) -> Uptime? {
    let value = stamp.load(ordering: .relaxed)
    return value < 0 ? nil : Uptime(milliseconds: value)
  }
}
