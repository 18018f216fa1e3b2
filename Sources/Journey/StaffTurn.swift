internal import OfficeModel
internal import SensitiveMemory

/// Staff at the glass. A hand that rests on the crest opens the door; behind it stands the PIN.
extension Turn {
  mutating func holdStaffDoor(isDown: Bool) {
    if isDown {
      state.staffHeldSince = now
    } else {
      // Too short for the door: a touch like any other.
      if state.staffHeldSince != nil { begin(at: .home) }
      state.staffHeldSince = nil
    }
  }

  /// True when the hand rested long enough.
  mutating func staffDoorOpens() -> Bool {
    guard let since = state.staffHeldSince, now >= since.adding(JourneyLimits.staffHold) else {
      return false
    }
    state.staffHeldSince = nil
    guard state.session == nil else { return false }
    startSession()
    show(.staffPIN(newEntry(.staffPIN), nil))
    return true
  }

  mutating func takeStaff(_ control: Control) {
    guard case .staff(let page, let overview) = state.screen else { return }
    switch page {
    case .clockEntry, .paperEntry: return takeEntry(control)
    default: break
    }
    switch (page, control) {
    case (.menu, .staffClock): advance(to: .staff(.clock, overview))
    case (.menu, .staffPrints): advance(to: .staff(.prints(page: 0), overview))
    case (.menu, .staffLetters): advance(to: .staff(.letters(page: 0), overview))
    case (.menu, .staffDevices): advance(to: .staff(.devices, overview))
    case (.menu, .staffSupplies): advance(to: .staff(.supplies, overview))
    case (.supplies, .staffPaperFilled(let printer)):
      advance(to: .staff(.paperEntry(printer: printer, newEntry(.sheets)), overview))
    case (.clock, .staffClockRight): ask(.confirmMachineClock)
    case (.clock, .staffClockType):
      advance(to: .staff(.clockEntry(newEntry(.clock)), overview))
    case (.prints(let page), .nextPage):
      state.screen = .staff(.prints(page: page + 1), overview)
    case (.prints(let page), .previousPage):
      state.screen = .staff(.prints(page: page - 1), overview)
    case (.letters(let page), .nextPage):
      state.screen = .staff(.letters(page: page + 1), overview)
    case (.letters(let page), .previousPage):
      state.screen = .staff(.letters(page: page - 1), overview)
    case (.prints, .staffPrint(let jobKey)):
      guard let print = overview.prints.first(where: { $0.jobKey == jobKey }) else { return }
      advance(to: .staff(.print(print), overview))
    case (.print(let print), .staffFinding(let finding)):
      ask(.settle(jobKey: print.jobKey, finding))
    case (.print(let print), .staffPrinterCleared(let clearing)):
      ask(.printerCleared(jobKey: print.jobKey, clearing))
    case (.letters, .tryAgain): ask(.retryLetters)
    default: break
    }
  }

  mutating func ask(_ request: StaffRequest) {
    guard let session = state.session else { return }
    effects.append(.staff(session, request))
    state.trail = []
    state.staffNote = nil
    show(.staffWorking)
  }

  mutating func staffAnswered(_ answer: StaffAnswer) {
    guard case .staffWorking = state.screen else { return }
    wipeAll()
    switch answer {
    case .refused(let refusal):
      show(.staffPIN(newEntry(.staffPIN), refusal))
      play(.error)
    case .overview(let overview, let note):
      state.trail = []
      show(.staff(.menu, overview))
      state.staffNote = note
      switch note {
      case .clockRefused, .paperRefused, .notDone: play(.error)
      default: play(.ok)
      }
    }
  }
}

extension Journey {
  public static func staffPrints(
    _ overview: StaffOverview, page: Int
  ) -> ArraySlice<StaffOverview.Print> {
    overview.prints.dropFirst(page * JourneyLimits.staffPerPage)
      .prefix(JourneyLimits.staffPerPage)
  }

  public static func staffLetters(
    _ overview: StaffOverview, page: Int
  ) -> ArraySlice<StaffOverview.Letter> {
    overview.letters.dropFirst(page * JourneyLimits.staffPerPage)
      .prefix(JourneyLimits.staffPerPage)
  }

  static func accepts(
    _ control: Control, _ page: StaffPage, _ overview: StaffOverview,
    _ printers: [PrinterReading]
  ) -> Bool {
    func hasNext(_ page: Int, _ count: Int) -> Bool {
      (page + 1) * JourneyLimits.staffPerPage < count
    }
    switch (page, control) {
    case (.menu, .staffClock), (.menu, .staffDevices): return true
    case (.menu, .staffSupplies): return !printers.isEmpty
    case (.supplies, .staffPaperFilled(let name)):
      return printers.contains { $0.name == name }
    case (.menu, .staffPrints): return !overview.prints.isEmpty
    case (.menu, .staffLetters): return !overview.letters.isEmpty
    case (.clock, .staffClockRight): return overview.machineTime != nil
    case (.clock, .staffClockType): return true
    case (.prints(let page), .staffPrint(let jobKey)):
      return staffPrints(overview, page: page).contains { $0.jobKey == jobKey }
    case (.prints(let page), .nextPage): return hasNext(page, overview.prints.count)
    case (.letters(let page), .nextPage): return hasNext(page, overview.letters.count)
    case (.prints(let page), .previousPage), (.letters(let page), .previousPage): return page > 0
    case (.print(let print), .staffFinding): return !print.isAtPrinter
    case (.print(let print), .staffPrinterCleared): return print.isAtPrinter
    case (.letters, .tryAgain): return !overview.letters.isEmpty
    default: return false
    }
  }
}
