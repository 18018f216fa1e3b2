internal import OfficeModel
internal import SensitiveMemory

/// A card identifies nobody: it is noticed, and after the PIN its photo may be shown to its holder.
extension Turn {
  mutating func cardChanged(to reading: CardReading) {
    let before = state.facts.cardReader
    state.facts.cardReader = reading
    guard before != reading else { return }
    state.cardPhotoRequest += 1
    switch state.screen {
    case .attract, .home:
      if case .present = reading, before == .empty || before == .noReader { play(.ok) }
    case .preview(var preview):
      if reading == .present(.ktpEl) { return askForCardPhoto() }
      // Taken away: the photo goes with its card.
      if let photo = preview.cardPhoto {
        preview.cardPhoto = nil
        state.screen = .preview(preview)
        wipe(photo)
      }
    default: break
    }
  }

  mutating func askForCardPhoto() {
    guard let session = state.session, case .preview(let preview) = state.screen,
      preview.cardPhoto == nil, state.facts.cardReader == .present(.ktpEl)
    else { return }
    state.cardPhotoRequest += 1
    effects.append(.readCardPhoto(session, request: state.cardPhotoRequest))
  }

  /// Shows the photo under the card it was asked for, never under one that came since.
  mutating func cardPhotoCame(_ photo: SecretHandle?, request: UInt64) {
    guard let photo else { return }
    guard request == state.cardPhotoRequest, case .preview(var preview) = state.screen,
      state.facts.cardReader == .present(.ktpEl)
    else { return effects.append(.secret(.wipe(photo))) }
    if let old = preview.cardPhoto { wipe(old) }
    own(photo)
    preview.cardPhoto = photo
    state.screen = .preview(preview)
  }
}
