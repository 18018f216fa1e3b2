internal import Glibc

/// One part of the verifier under attack.
protocol Target: AnyObject {
  /// Inputs to begin with.
  var seeds: [[UInt8]] { get }
  /// What counts as reached, for the reader of the table.
  static var reachedMeans: String { get }
  /// Gives one input to the verifier and holds it to its promise. Counts it as reached when it came
  /// through to the rules.
  func run(_ input: [UInt8], counters: inout Counters)
  /// Whether an input that did not come through may be built on.
  static var buildsOnUnreached: Bool { get }
  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8]
}

extension Target {
  static var buildsOnUnreached: Bool { false }
}

struct Counters {
  var executions = 0
  /// Executions that came through decoding into the rules under test.
  var reached = 0
  /// Of those, the ones that the rules let pass.
  var accepted = 0
}

/// The one target of this process. libFuzzer calls back on one thread, without a context.
final class Session {
  nonisolated(unsafe) static var current: Session = Session(IdleTarget())

  let target: any Target
  private(set) var counters = Counters()

  init(_ target: any Target) { self.target = target }

  /// False when the input is nothing to build on.
  func execute(_ input: [UInt8]) -> Bool {
    let before = counters.reached
    counters.executions += 1
    // Counted apart: a broken promise prints the counters while the target still holds its own.
    var counting = counters
    target.run(input, counters: &counting)
    counters = counting
    return counters.reached > before || type(of: target).buildsOnUnreached
  }

  /// One line that scripts/fuzz reads; also at the end of a process that libFuzzer ends.
  func printCounters() {
    print(
      "counters executions=\(counters.executions) reached=\(counters.reached)",
      "accepted=\(counters.accepted)")
    fflush(nil)
  }
}

/// Before a target is chosen.
private final class IdleTarget: Target {
  static let reachedMeans = ""
  let seeds: [[UInt8]] = []
  func run(_ input: [UInt8], counters: inout Counters) {}
  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] { input }
}

/// A promise was broken: libFuzzer keeps the input.
func broken(_ promise: String) -> Never {
  complain("BROKEN PROMISE: \(promise)")
  Session.current.printCounters()
  abort()
}

func complain(_ text: String) {
  fflush(nil)
  let line = Array((text + "\n").utf8)
  _ = write(2, line, line.count)
}
