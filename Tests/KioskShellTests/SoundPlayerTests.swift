import CSDL
import Journey
import Testing

@testable import KioskShell

@Suite("Sounds", .serialized) struct SoundPlayerTests {
  @Test("all four sounds are there and play")
  func all() async {
    SDL_SetHint("SDL_AUDIODRIVER", "dummy")
    let player = SoundPlayer(assets: Samples.assets)
    for sound in [Sound.key, .ok, .error, .attention] {
      let plays = await player.start(sound)
      #expect(plays, "\(sound)")
    }
  }

  @Test("without its file a sound is silence, and the next is not tried at once")
  func missing() async {
    let player = SoundPlayer(assets: AssetFolder(path: "/nowhere"))
    let plays = await player.start(.ok)
    #expect(!plays)
  }
}
