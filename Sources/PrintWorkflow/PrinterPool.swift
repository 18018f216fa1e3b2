public import OfficeModel

/// Which of the kiosk's A4 printers gets the next document, as a value. The first takes it as long as
/// it can print; a job goes to one of them only, and never from one to another.
public struct PrinterPool: Sendable, Equatable {
  private struct Member: Sendable, Equatable {
    let name: String
    /// As it was last seen, its absence debounced.
    var seen = DeviceFact.unknown
    /// A job is in it that must not come out any more: nothing is sent behind it.
    var hasLeftJob = false
    /// Its last job did not come out well. The others go before it until it prints again, or until
    /// somebody has mended what it complained of.
    var hasFailed = false

    var fact: DeviceFact {
      if case .down = seen { return seen }
      return hasLeftJob ? .down(.jobLeft) : seen
    }

    /// Smaller is better. That its status cannot be read does not mean that it is broken, but one
    /// that says that it is ready is the better choice.
    var rank: Int {
      (hasLeftJob ? 8 : 0) + (seen.canPrint ? 0 : 4) + (hasFailed ? 2 : 0)
        + (seen == .unknown ? 1 : 0)
    }
  }

  private var members: [Member]

  /// - Parameter names: in the order in which they are preferred.
  public init(_ names: [String]) { members = names.map { Member(name: $0) } }

  /// Best first. Those with a job left in them come last; nothing is printed there.
  public var order: [String] {
    members.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .map(\.element.name)
  }

  /// What the citizen needs to know: how the printer is that would get the document.
  public var fact: DeviceFact {
    guard let first = order.first else { return .absent }
    return fact(of: first)
  }

  public func fact(of name: String) -> DeviceFact {
    members.first { $0.name == name }?.fact ?? .absent
  }

  // MARK: What happens

  public mutating func looked(_ name: String, _ fact: DeviceFact) {
    edit(name) { member in
      if !member.seen.canPrint, fact.canPrint, fact != .unknown { member.hasFailed = false }
      member.seen = fact
    }
  }

  /// The printers that have a job left in them; no other has.
  public mutating func left(_ names: Set<String>) {
    for index in members.indices { members[index].hasLeftJob = names.contains(members[index].name) }
  }

  /// A job ended there. One that its citizen took back without a fault says nothing of the printer.
  public mutating func ended(_ name: String, _ outcome: PrintOutcome, _ fault: DeviceFault?) {
    edit(name) { member in
      switch outcome {
      case .delivered: member.hasFailed = false
      case .unknown: member.hasFailed = true
      case .notPrinted: if fault != nil { member.hasFailed = true }
      }
    }
  }

  private mutating func edit(_ name: String, _ change: (inout Member) -> Void) {
    guard let index = members.firstIndex(where: { $0.name == name }) else { return }
    change(&members[index])
  }
}
