import OfficeModel
import Testing

@testable import UseCases

@Suite("How often devices are looked at")
struct DeviceRhythmTests {
  private let usual = Duration.seconds(3)

  private func calm() -> Debounce {
    var debounce = Debounce()
    for _ in 0...Debounce.calmAfter { _ = debounce.look(.ready) }
    return debounce
  }

  @Test("a device that has long been ready is looked at less often, and not before")
  func becomesCalm() {
    var debounce = Debounce()
    for _ in 0..<Debounce.calmAfter {
      _ = debounce.look(.ready)
      #expect(debounce.pause(usual) == usual)
    }
    _ = debounce.look(.ready)
    #expect(debounce.pause(usual) == usual * Debounce.calmFactor)
  }

  @Test("one that is not ready, or not there, is looked at at the usual pace at once")
  func wakesUp() {
    for fact in [DeviceFact.down(.offline), .down(.mediaEmpty), .unknown] {
      var debounce = calm()
      _ = debounce.look(fact)
      #expect(debounce.pause(usual) == usual)
      _ = debounce.look(.ready)
      #expect(debounce.pause(usual) == usual)
    }
  }
}
