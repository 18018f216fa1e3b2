import Journey
import OfficeModel
import Screens
import Testing

/// What a citizen reads of the A4 printer, fault by fault.
@Suite("Faults of the document printer in words")
struct PrinterFaultTests {
  /// Those that an A4 printer can have while a document waits in it; each has words of its own.
  private static let holding: [DeviceFault] = [
    .mediaEmpty, .mediaJam, .coverOpen, .markerSupplyEmpty, .offline, .outputFull, .stopped, .busy,
    .notAccepting,
  ]

  /// What stands on the glass and on its controls.
  private func texts(_ state: JourneyState, _ language: String) -> String {
    let frame = Screens.frame(
      for: state, size: Size(width: 1080, height: 1920),
      strings: Strings(language: language, tables: Assets.tables),
      measure: LayoutTests.measurer)
    return (frame.texts.map(\.text) + frame.controls.map(\.label)).joined(separator: " ")
  }

  @Test("every fault is named on the home screen, before a PIN", arguments: ["id", "en"])
  func before(_ language: String) {
    var found: Set<String> = []
    for fault in DeviceFault.allCases {
      var state = Gallery.state(.home, Preferences(language: language))
      state.facts.documentPrinter = .ready
      let ready = texts(state, language)
      state.facts.documentPrinter = .down(fault)
      let words = texts(state, language)
      #expect(words != ready, "\(fault)")
      found.insert(words)
    }
    #expect(found.count == DeviceFault.allCases.count)
  }

  @Test("every fault that holds a document has words of its own", arguments: ["id", "en"])
  func during(_ language: String) {
    var found: [String: DeviceFault] = [:]
    for fault in Self.holding {
      let words = texts(
        Gallery.state(
          .printing(PrintProgress(documentID: "d", stage: .held(fault), pageCount: 1)),
          Preferences(language: language)), language)
      #expect(found[words] == nil, "\(fault) reads like \(String(describing: found[words]))")
      found[words] = fault
    }
  }

  @Test("the citizen reads at which printer the paper comes out", arguments: ["id", "en"])
  func place(_ language: String) {
    let preferences = Preferences(language: language)
    let here = texts(Gallery.state(.takePaper(sheets: 2), preferences), language)
    let there = texts(
      Gallery.state(.takePaper(sheets: 2, place: "sebelah kiri"), preferences), language)
    #expect(there.contains("sebelah kiri") && !here.contains("sebelah kiri"))
    let printing = texts(
      Gallery.state(
        .printing(
          PrintProgress(documentID: "d", stage: .printing, pageCount: 2, place: "sebelah kiri")),
        preferences), language)
    #expect(printing.contains("sebelah kiri"))
  }
}
