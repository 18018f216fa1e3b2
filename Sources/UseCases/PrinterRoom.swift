internal import Journey
internal import OfficeModel
internal import Ports
internal import PrintWorkflow
import Synchronization

/// The A4 printers of the kiosk and what is known of them. The decisions are `PrinterPool`'s; whoever
/// learns something of a printer says it here, and the glass and health are told.
final class PrinterRoom: Sendable {
  private struct State {
    var pool: PrinterPool
    /// What the glass was last told.
    var told: DeviceFact?
    var readings: [PrinterReading] = []
    var paper: [String: PaperWatch] = [:]
    var counted: [String: (supplies: PrinterSupplies?, paper: PaperForecast)] = [:]
  }

  let printers: [DocumentPrinter]
  private let nudges: [String: Nudge]
  private let state: Mutex<State>
  private let sink: @Sendable (Action) -> Void
  private let looked: @Sendable (FactsChange) -> Void

  /// - Parameters:
  ///   - sink: gets news only.
  ///   - looked: gets every look.
  init(
    _ printers: [DocumentPrinter], sink: @escaping @Sendable (Action) -> Void,
    looked: @escaping @Sendable (FactsChange) -> Void
  ) {
    self.printers = printers
    nudges = Dictionary(printers.map { ($0.name, Nudge()) }) { first, _ in first }
    state = Mutex(State(pool: PrinterPool(printers.map(\.name))))
    self.sink = sink
    self.looked = looked
  }

  /// The printer that a job was sent to. What was written before jobs carried a name was sent to the
  /// only printer there was; nil for one that the configuration no longer has.
  func named(_ name: String?) -> DocumentPrinter? {
    guard let name else { return printers.first }
    return printers.first { $0.name == name }
  }

  /// The printer for the next document. With several each is asked now: a look may be seconds old,
  /// and a document waits in a printer that has run out of paper meanwhile.
  func choose() async -> DocumentPrinter? {
    let order = state.withLock { $0.pool.order }.compactMap(named)
    guard order.count > 1 else { return order.first }
    // All at once: a dead one's silence is not to keep the citizen from the next.
    let asked = order.filter { fact(of: $0) != .down(.jobLeft) }
      .map { printer in (printer, Task { await printer.port.state() }) }
    var unreadable: DocumentPrinter?
    for (printer, state) in asked {
      switch await state.value {
      case .ready, .attention: return printer
      case .unknown: unreadable = unreadable ?? printer
      case .down, .absent: break
      }
    }
    return unreadable ?? order.first
  }

  private func fact(of printer: DocumentPrinter) -> DeviceFact {
    state.withLock { $0.pool.fact(of: printer.name) }
  }

  // MARK: News

  /// At the start, before anything is known: a kiosk without a printer says so at once.
  func begin() { if printers.isEmpty { change { _ in } } }

  /// - Returns: true when somebody has put paper in.
  func looked(at name: String, _ fact: DeviceFact) -> Bool {
    change { $0.looked(name, fact) }
    let (whole, readings, isFilled) = state.withLock { state in
      let isFilled = state.paper[name, default: PaperWatch()].looked(fact)
      return (state.pool.fact, state.readings, isFilled)
    }
    looked(.documentPrinter(whole))
    looked(.documentPrinters(readings, looked: name))
    return isFilled
  }

  func left(_ names: Set<String>) { change { $0.left(names) } }

  func ended(_ name: String, _ outcome: PrintOutcome, _ fault: DeviceFault?) {
    change { $0.ended(name, outcome, fault) }
    paperNudge(name).nudge()
  }

  // MARK: Paper

  /// Wakes whoever counts the paper of a printer.
  func paperNudge(_ name: String) -> Nudge { nudges[name] ?? Nudge() }

  /// Staff have said what is in the tray.
  func paperTold(_ name: String) {
    state.withLock { $0.paper[name, default: PaperWatch()].told() }
  }

  /// - Parameter paper: made of whether the printer is out of it.
  func counted(
    _ name: String, _ supplies: PrinterSupplies?, _ paper: (_ isEmpty: Bool) -> PaperForecast
  ) {
    state.withLock { state in
      let isEmpty = state.pool.fact(of: name) == .down(.mediaEmpty)
      state.counted[name] = (supplies, paper(isEmpty))
      tell(&state)
    }
  }

  private func change(_ edit: (inout PrinterPool) -> Void) {
    state.withLock { state in
      edit(&state.pool)
      tell(&state)
    }
  }

  /// Within the lock, so that what is told last is what counts.
  private func tell(_ state: inout State) {
    let readings = printers.map { printer in
      let counted = state.counted[printer.name]
      return PrinterReading(
        name: printer.name, place: printer.place, fact: state.pool.fact(of: printer.name),
        supplies: counted?.supplies, paper: counted?.paper ?? PaperForecast())
    }
    if readings != state.readings {
      state.readings = readings
      sink(.facts(.documentPrinters(readings)))
    }
    let fact = state.pool.fact
    if fact != state.told {
      state.told = fact
      sink(.facts(.documentPrinter(fact)))
    }
  }
}
