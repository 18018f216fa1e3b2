public import CoreMetrics
import Synchronization

/// A metrics backend that keeps numbers and prints them in the Prometheus text format, version
/// 0.0.4. Bounded: beyond `seriesLimit` new series are dropped and counted.
public final class PrometheusRegistry: MetricsFactory {
  /// A kiosk has some dozens of series; more means a label that should not be one.
  public static let seriesLimit = 500

  enum Kind: String { case counter, gauge, summary }

  struct Series {
    var kind: Kind
    var value: Double = 0
    var count: Int = 0
  }

  struct Key: Hashable {
    var name: String
    var labels: String
  }

  let series = Mutex<[Key: Series]>([:])
  let dropped = Mutex(0)

  public init() {}

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    Cell(self, .counter, label, dimensions)
  }
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler { Cell(self, aggregate ? .summary : .gauge, label, dimensions) }
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    Cell(self, .summary, label + "_seconds", dimensions)
  }
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// Sets a gauge that is measured when it is asked for.
  public func gauge(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
    change(Key(name: Self.clean(name), labels: Self.format(labels)), .gauge) { $0.value = value }
  }

  /// Lets go of what was set under a name, before it is set anew: what is no longer known is not told.
  public func forget(_ name: String) {
    let name = Self.clean(name)
    series.withLock { all in all = all.filter { $0.key.name != name } }
  }

  /// Everything, sorted, ending in a newline.
  public var text: String {
    let all = series.withLock { $0 }
    var lines: [String] = []
    var last = ""
    for (key, series) in all.sorted(by: {
      ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels)
    }) {
      if key.name != last {
        lines.append("# TYPE \(key.name) \(series.kind.rawValue)")
        last = key.name
      }
      if series.kind == .summary {
        lines.append("\(key.name)_sum\(key.labels) \(series.value)")
        lines.append("\(key.name)_count\(key.labels) \(series.count)")
      } else {
        lines.append("\(key.name)\(key.labels) \(series.value)")
      }
    }
    lines.append("# TYPE anjungan_metrics_dropped_total counter")
    lines.append("anjungan_metrics_dropped_total \(dropped.withLock { $0 })")
    return lines.joined(separator: "\n") + "\n"
  }

  func change(_ key: Key, _ kind: Kind, _ body: (inout Series) -> Void) {
    let fits = series.withLock { all in
      if all[key] == nil, all.count >= Self.seriesLimit { return false }
      body(&all[key, default: Series(kind: kind)])
      return true
    }
    if !fits { dropped.withLock { $0 += 1 } }
  }

  static func clean(_ name: String) -> String {
    String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
  }

  static func format(_ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map { name, value in
      let escaped = value.map { character -> String in
        switch character {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "\n": "\\n"
        default: String(character)
        }
      }.joined()
      return "\(clean(name))=\"\(escaped)\""
    }
    return "{\(pairs.joined(separator: ","))}"
  }
}

/// One series as swift-metrics hands it out.
private final class Cell: CounterHandler, RecorderHandler, TimerHandler {
  let registry: PrometheusRegistry
  let kind: PrometheusRegistry.Kind
  let key: PrometheusRegistry.Key

  init(
    _ registry: PrometheusRegistry, _ kind: PrometheusRegistry.Kind, _ label: String,
    _ dimensions: [(String, String)]
  ) {
    self.registry = registry
    self.kind = kind
    key = PrometheusRegistry.Key(
      name: PrometheusRegistry.clean(label), labels: PrometheusRegistry.format(dimensions))
  }

  func increment(by amount: Int64) { registry.change(key, kind) { $0.value += Double(amount) } }
  func reset() { registry.change(key, kind) { $0.value = 0 } }
  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) {
    registry.change(key, kind) {
      $0.value = kind == .gauge ? value : $0.value + value
      $0.count += 1
    }
  }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
}
