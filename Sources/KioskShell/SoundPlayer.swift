internal import CSDL
internal import DeviceThreads
internal import Journey
internal import OfficeModel

/// Plays the four sounds on a thread of its own: opening a sound device may take seconds where
/// there is none. Without a device the kiosk is silent and otherwise whole.
actor SoundPlayer {
  private nonisolated let thread = SerialThread(name: "sound")
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// An open device wakes the processor all the time, so it is closed when it was not used for so
  /// long.
  private static let openFor = Duration.seconds(10)
  /// After a failure the device is not tried again for so long.
  private static let retryAfter = Duration.seconds(600)
  private static let fileLimitBytes: UInt32 = 1 << 20

  private let assets: AssetFolder
  private var device: SDL_AudioDeviceID = 0
  private var openedRate: Int32 = 0
  private var lastUse: ContinuousClock.Instant?
  private var failedAt: ContinuousClock.Instant?
  private let clock = ContinuousClock()

  init(assets: AssetFolder) { self.assets = assets }

  /// Callable from the loop; comes back at once.
  nonisolated func play(_ sound: Sound) {
    Task { await self.start(sound) }
  }

  /// - Returns: whether the sound goes to a device.
  @discardableResult func start(_ sound: Sound) -> Bool {
    if let failedAt, clock.now - failedAt < Self.retryAfter { return false }
    var spec = unsafe SDL_AudioSpec()
    var samples: UnsafeMutablePointer<UInt8>?
    var count: UInt32 = 0
    guard
      unsafe SDL_LoadWAV_RW(
        SDL_RWFromFile(assets.sound(sound), "rb"), 1, &spec, &samples, &count) != nil
    else {
      failedAt = clock.now
      return false
    }
    defer { unsafe SDL_FreeWAV(samples) }
    guard count <= Self.fileLimitBytes, unsafe open(&spec) else {
      failedAt = clock.now
      return false
    }
    // A new sound takes the place of the old one: they never overlap nor pile up.
    SDL_ClearQueuedAudio(device)
    unsafe SDL_QueueAudio(device, samples, count)
    let now = clock.now
    lastUse = now
    Task {
      try? await Task.sleep(for: Self.openFor)
      self.closeIfUnused(since: now)
    }
    return true
  }

  private func open(_ spec: inout SDL_AudioSpec) -> Bool {
    if device != 0, unsafe spec.freq == openedRate { return true }
    close()
    guard SDL_InitSubSystem(UInt32(SDL_INIT_AUDIO)) == 0 else { return false }
    unsafe spec.samples = 512
    device = unsafe SDL_OpenAudioDevice(nil, 0, &spec, nil, 0)
    guard device != 0 else {
      SDL_QuitSubSystem(UInt32(SDL_INIT_AUDIO))
      return false
    }
    openedRate = unsafe spec.freq
    SDL_PauseAudioDevice(device, 0)
    return true
  }

  private func closeIfUnused(since use: ContinuousClock.Instant) {
    if lastUse == use { close() }
  }

  private func close() {
    guard device != 0 else { return }
    SDL_CloseAudioDevice(device)
    SDL_QuitSubSystem(UInt32(SDL_INIT_AUDIO))
    device = 0
  }
}
