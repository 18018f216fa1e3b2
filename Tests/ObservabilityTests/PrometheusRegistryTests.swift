import CoreMetrics
import Observability
import Testing

@Suite struct PrometheusRegistryTests {
  @Test("counters, gauges and timers print in the text format")
  func textFormat() {
    let registry = PrometheusRegistry()
    registry.makeCounter(label: "anjungan_tickets_total", dimensions: [("lane", "general")])
      .increment(by: 2)
    registry.makeTimer(label: "anjungan_verify", dimensions: []).recordNanoseconds(500_000_000)
    registry.gauge("anjungan_outbox_depth", [], 3)
    let text = registry.text
    #expect(text.contains("# TYPE anjungan_tickets_total counter\n"))
    #expect(text.contains("anjungan_tickets_total{lane=\"general\"} 2.0\n"))
    #expect(text.contains("anjungan_verify_seconds_sum 0.5\n"))
    #expect(text.contains("anjungan_verify_seconds_count 1\n"))
    #expect(text.contains("anjungan_outbox_depth 3.0\n"))
  }

  @Test("a label value with quotes and line ends cannot break the format")
  func escaping() {
    let registry = PrometheusRegistry()
    registry.gauge("a b", [("x", "q\"\n\\")], 1)
    #expect(registry.text.contains("a_b{x=\"q\\\"\\n\\\\\"} 1.0\n"))
  }

  @Test("series beyond the limit are dropped and counted")
  func limit() {
    let registry = PrometheusRegistry()
    for index in 0..<(PrometheusRegistry.seriesLimit + 7) {
      registry.gauge("g", [("n", "\(index)")], 1)
    }
    #expect(registry.text.contains("anjungan_metrics_dropped_total 7\n"))
  }
}
