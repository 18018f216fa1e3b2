extension Turn {
  mutating func takeStatus(_ control: Control) {
    guard case .statusResult = state.screen, control == .tryAgain else { return }
    wipeAll()
    state.trail = [.home]
    let entry = newEntry(.registration)
    show(.statusRegistration(entry))
  }

  mutating func statusAnswered(_ answer: StatusAnswer) {
    guard case .statusSearching = state.screen else { return }
    // The numbers have done their work; the answer names nobody.
    wipeAll()
    state.trail = [.home]
    show(.statusResult(answer))
    if case .found = answer { play(.ok) } else { play(.error) }
  }
}
