internal import CLinux
internal import Glibc
internal import OfficeModel
internal import Ports
internal import Scanning
internal import SensitiveMemory

/// What the scanners' thread does: waits for events, and looks for scanners that are missing.
struct ScannerLoop: ~Copyable {
  /// A scanner that another program lets go of is told by nobody; one that is plugged in, by inotify.
  /// With all scanners there the thread sleeps until a code is scanned.
  static let searchEvery: Int64 = 5000
  /// A device's own time counts only so far back: what lies outside was not made by a clock.
  private static let oldestEvent: Int64 = 1000

  /// One device of one scanner; a class, since a device cannot be copied.
  private final class Source {
    var device: EventDevice
    var stream: ScannerStream
    var basket: ScanBasket
    var isGone = false
    init(_ device: consuming EventDevice, _ stream: ScannerStream, _ basket: ScanBasket) {
      self.device = device
      self.stream = stream
      self.basket = basket
    }
  }

  private struct Place {
    let scanner: TypingScanner
    var sources: [Source] = []
    var told: ScannerState?
  }

  private var places: [Place]
  private let search: ScannerSearch
  private let vault: SecretVault
  private let events: EventPort
  private let outlets: ScannerReader.Outlets
  private let watch: FolderWatch
  private var nextSearch: Int64? = 0

  init(
    _ scanners: [TypingScanner], search: ScannerSearch, vault: SecretVault, events: EventPort,
    outlets: ScannerReader.Outlets
  ) {
    places = scanners.map { Place(scanner: $0) }
    self.search = search
    self.vault = vault
    self.events = events
    self.outlets = outlets
    watch = FolderWatch(Self.folders(of: scanners, and: search.folder))
  }

  // MARK: One turn

  /// Sleeps until something happens, and deals with it.
  /// - Parameter wake: readable when the thread is to end.
  mutating func turn(wake: Int32) {
    if let due = nextSearch, due <= Self.now { lookForScanners() }
    let sources = places.flatMap(\.sources)
    var waits = ([wake, watch.file] + sources.map { $0.device.file })
      .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let next = (sources.compactMap(\.stream.deadline) + (nextSearch.map { [$0] } ?? [])).min()
    let limit = next.map { Int32(clamping: max(0, $0 - Self.now)) } ?? -1
    guard unsafe poll(&waits, nfds_t(waits.count), limit) >= 0 else { return }
    if waits[1].revents != 0 {
      watch.drain()
      nextSearch = Self.now
    }
    for (source, wait) in zip(sources, waits.dropFirst(2)) where wait.revents != 0 { read(source) }
    for source in sources { take(source.stream.silence(at: Self.now), of: source) }
    if sources.contains(where: \.isGone) { letGo() }
  }

  private func read(_ source: Source) {
    source.device.drain { event in
      let now = Self.now
      switch event {
      case .key(let key, let at):
        take(source.stream.take(key, at: min(max(at, now - Self.oldestEvent), now)), of: source)
      case .lost(let held): take(source.stream.lost(held: held, at: now), of: source)
      case .unplugged: source.isGone = true
      }
    }
  }

  private func take(_ outputs: [ScannerStream.Output], of source: Source) {
    for output in outputs {
      switch output {
      case .collect(let byte): source.basket.collect(byte)
      case .finished:
        guard let payload = source.basket.finish() else { continue }
        if !outlets.scanned(payload) { vault.wipe(payload) }
      case .discarded: source.basket.wipe()
      case .lost(let loss):
        events.record(
          KioskEvent("scanner.thrown-away", level: .notice, ["reason": loss.rawValue]))
      }
    }
  }

  // MARK: Which are there

  private mutating func lookForScanners() {
    var isAnyMissing = false
    for index in places.indices {
      let scanner = places[index].scanner
      let taken = Set(places.flatMap { $0.sources.map { $0.device.path } })
      var found: [Source] = []
      let obstacle = search.take(scanner, except: taken) { device in
        let stream = ScannerStream(
          endsWithSilence: scanner.endsWithSilence, held: device.held)
        found.append(Source(device, stream, ScanBasket(vault: vault)))
      }
      places[index].sources += found
      let state: ScannerState =
        obstacle == .busy || places[index].sources.isEmpty ? obstacle ?? .absent : .ready
      if state != .ready { isAnyMissing = true }
      tell(state, of: index)
    }
    nextSearch = isAnyMissing ? Self.now + Self.searchEvery : nil
  }

  /// Gives up what was pulled out; its other parts go with it.
  private mutating func letGo() {
    for index in places.indices where places[index].sources.contains(where: \.isGone) {
      for source in places[index].sources { source.basket.wipe() }
      places[index].sources = []
      tell(.absent, of: index)
    }
    nextSearch = Self.now + Self.searchEvery
  }

  private mutating func tell(_ state: ScannerState, of index: Int) {
    guard places[index].told != state else { return }
    places[index].told = state
    let label = places[index].scanner.label
    events.record(
      KioskEvent(
        "scanner.changed", level: state == .ready ? .notice : .warning,
        ["scanner": label, "state": state.rawValue]))
    outlets.changed(label, state)
  }

  private static func folders(of scanners: [TypingScanner], and folder: String) -> Set<String> {
    scanners.reduce(into: [folder]) { folders, scanner in
      guard case .path(let path) = scanner.sign, let slash = path.lastIndex(of: "/") else { return }
      folders.insert(String(path[..<slash]))
    }
  }

  /// The clock of the events, in milliseconds.
  private static var now: Int64 { clinux_clock_milliseconds(CLOCK_MONOTONIC) }
}
