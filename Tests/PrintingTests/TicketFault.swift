import OfficeModel

@testable import Printing

/// What may go wrong with a ticket printer while it has a slip.
enum TicketFault: CaseIterable, Sendable {
  case paperOut, paperLow, coverOpen, cutterStuck, fatal, hot, panelOff
  case powerLoss, cableOut, hangs, reset, tornAfter
  case confirmationLost, answerLost, flowControl

  /// Until somebody has switched it on. Nothing tells of a power loss on a serial line: one that is over
  /// within the driver's patience, with bytes of the slip still on this side, is not found out.
  private static func start(_ state: SimulatedTicketPrinter.State) -> Duration {
    state.machine.isSerial ? .seconds(30) : .seconds(2)
  }

  func begin(_ state: inout SimulatedTicketPrinter.State) {
    switch self {
    case .paperOut: state.isPaperOut = true
    case .paperLow: state.isPaperLow = true
    case .coverOpen: state.isCoverOpen = true
    case .cutterStuck:
      state.isCutterStuck = true
      state.isBladeJammed = true
    case .fatal: state.isFatal = true
    case .hot: state.isHot = true
    case .panelOff: state.isPanelOff = true
    case .powerLoss: losePower(&state)
    case .cableOut: state.isReachable = false
    case .hangs: state.isHanging = true
    case .reset: state.breakConnections()
    case .tornAfter: state.resetAfter = 150
    case .confirmationLost: state.isNextConfirmationLost = true
    case .answerLost: state.isNextAnswerLost = true
    // XOFF and XON, which no answer begins with.
    case .flowControl: state.answer([0x13, 0x11])
    }
  }

  func end(_ state: inout SimulatedTicketPrinter.State) {
    switch self {
    case .paperOut: state.isPaperOut = false
    case .paperLow: state.isPaperLow = false
    case .coverOpen: state.isCoverOpen = false
    // The error stays until it is told to go on.
    case .cutterStuck: state.isBladeJammed = false
    case .fatal:
      // Switched off and on.
      guard state.isFatal else { return }
      losePower(&state)
      state.isFatal = false
      state.plan(at: state.now + Self.start(state)) { $0.isPowered = true }
    case .hot: state.isHot = false
    case .panelOff: state.isPanelOff = false
    case .powerLoss:
      if !state.isPowered { state.plan(at: state.now + Self.start(state)) { $0.isPowered = true } }
    case .cableOut: state.isReachable = true
    case .hangs: state.isHanging = false
    case .reset, .tornAfter, .confirmationLost, .answerLost, .flowControl: break
    }
  }

  private func losePower(_ state: inout SimulatedTicketPrinter.State) {
    state.isPowered = false
    state.forget()
    state.breakConnections()
    // On a serial line it hears nothing of what is on its way.
    for index in state.connections.indices {
      state.connections[index].wire = []
      state.connections[index].isAutomatic = false
    }
  }
}
