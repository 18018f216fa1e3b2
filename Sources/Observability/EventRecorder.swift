public import Logging
import Metrics
public import OfficeModel
public import Ports

/// Writes every event of the kiosk to the log and counts it. The one place where events leave the
/// process, so the one place that keeps fields short.
public struct EventRecorder: Sendable {
  /// A field longer than this is a mistake of its writer and is cut.
  static let fieldLimit = 200

  let logger: Logger
  let board: HealthBoard
  let uptime: @Sendable () -> Uptime

  /// - Parameter uptime: for how long ago the last security event was.
  public init(
    logger: Logger, board: HealthBoard, uptime: @escaping @Sendable () -> Uptime
  ) {
    self.logger = logger
    self.board = board
    self.uptime = uptime
  }

  public func port() -> EventPort { EventPort(record: record) }

  @Sendable func record(_ event: KioskEvent) {
    let level: Logger.Level =
      switch event.level {
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
    let metadata = event.fields.reduce(into: Logger.Metadata()) { metadata, field in
      metadata[field.key] = .string(String(field.value.prefix(Self.fieldLimit)))
    }
    logger.log(level: level, "\(event.name)", metadata: metadata)
    Counter(label: "anjungan_events_total", dimensions: [("name", event.name)]).increment()
    if event.name == "staff.locked" { board.staffLocked(at: uptime()) }
    if event.isSecurityEvent {
      let reason = event.fields["reason"] ?? "unknown"
      Counter(
        label: "anjungan_security_events_total", dimensions: [("reason", reason)]
      ).increment()
      board.securityEvent(reason: reason, at: uptime())
    }
  }
}
