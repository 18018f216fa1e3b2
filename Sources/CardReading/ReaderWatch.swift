internal import CLinux
internal import CardSession
internal import Glibc
internal import OfficeModel
internal import Synchronization

/// Watches readers on two threads. One waits, without end, for a change of any reader; pcscd wakes it.
/// The other lists the readers again and again, since pcscd 1.9.9 misses one that came between two
/// waits, and ends the wait when the list is another. A wait that ran out every two seconds would do the
/// same for three times the wake-ups.
final class ReaderWatch: Sendable {
  private struct State {
    /// The context that waits, and the readers it waits for; nil while there is no service.
    var waiting: Int?
    var readers: [String]?
    var isStopped = false
    var isOver = false
  }

  private let state = Mutex(State())
  private let platform: SmartCardPlatform
  private let readerName: String?
  private let excluded: String?
  private let limits: CardReader.Limits
  private let threads: CardThreads
  /// Wakes both threads out of their pauses; stays readable once it was written to.
  private let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))

  /// - Parameters:
  ///   - readerName: part of the names of the readers that count; nil: all.
  ///   - excluded: part of the names of those that do not.
  init(
    _ platform: SmartCardPlatform, readerName: String?, excluded: String?,
    limits: CardReader.Limits, threads: CardThreads
  ) {
    self.threads = threads
    self.excluded = excluded
    self.platform = platform
    self.readerName = readerName
    self.limits = limits
  }

  deinit { close(wake) }

  /// - Parameters:
  ///   - handle: gets what happens, from both threads.
  ///   - failed: gets what ended a wait.
  func start(
    handle: @escaping Handler, failed: @escaping @Sendable (SmartCardError) -> Void
  ) {
    _ = threads.start(name: "card-watch") { done in
      self.watch(handle, failed)
      done()
    }
    _ = threads.start(name: "card-list") { done in
      self.list(handle)
      done()
    }
  }

  typealias Handler = @Sendable (CardSession.Event) -> Void

  /// Tells both threads to end, and returns at once.
  func stop() {
    state.withLock { $0.isStopped = true }
    eventfd_write(wake, 1)
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func pause(_ duration: Duration) {
    var item = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    unsafe poll(&item, 1, Int32(clamping: duration.wholeMilliseconds))
  }

  // MARK: The thread that waits

  private func watch(_ handle: Handler, _ failed: (SmartCardError) -> Void) {
    while !isStopped {
      do throws(SmartCardError) {
        let context = try SmartCardContext(platform)
        state.withLock { $0.waiting = context.token }
        defer {
          state.withLock { state in
            state.waiting = nil
            state.readers = nil
          }
        }
        try watch(in: context, handle)
      } catch {
        // Whatever it was: nothing of what was known can be relied upon.
        handle(.serviceLost)
        failed(error)
      }
      pause(limits.reconnect)
    }
    state.withLock { $0.isOver = true }
  }

  /// Returns only when stopped; throws when the context is of no more use.
  private func watch(
    in context: borrowing SmartCardContext, _ handle: Handler
  ) throws(SmartCardError) {
    var known: [SmartCardPlatform.ReaderState] = []
    while !isStopped {
      let readers = try context.readers(named: readerName, without: excluded)
      state.withLock { $0.readers = readers }
      if readers != known.map(\.reader) {
        known = readers.map { .init(reader: $0, state: ReaderFlags.unaware) }
      }
      if readers.isEmpty { handle(.observed([])) }
      do throws(SmartCardError) {
        // With readers that are still unknown this returns at once.
        guard let states = try context.waitForChange(known), !isStopped else { continue }
        known = states
        handle(.observed(known.map(Self.observation)))
      } catch {
        // A reader was unplugged between the list and the wait: list again, after a breath.
        guard error.isUnknownReader else { throw error }
        known = []
        pause(limits.breath)
      }
    }
  }

  private static func observation(_ known: SmartCardPlatform.ReaderState) -> ReaderObservation {
    func has(_ flag: UInt) -> Bool { known.state & flag != 0 }
    let slot: ReaderObservation.Slot =
      if has(ReaderFlags.unavailable) || has(ReaderFlags.unknown) {
        .unavailable
      } else if has(ReaderFlags.mute) {
        .mute
      } else if has(ReaderFlags.present) { .card } else { .empty }
    return ReaderObservation(
      reader: known.reader, slot: slot,
      eventCount: Int(known.state >> ReaderFlags.countShift & 0xFFFF))
  }

  // MARK: The thread that lists

  private func list(_ handle: Handler) {
    while !isStopped {
      do throws(SmartCardError) {
        let context = try SmartCardContext(platform)
        while !isStopped {
          pause(limits.relist)
          guard let known = state.withLock({ $0.readers }) else { continue }
          if try context.readers(named: readerName, without: excluded) == known {
            handle(.tick)
          } else {
            cancelWait()
          }
        }
      } catch {
        // The thread that waits finds out by itself.
        pause(limits.relist)
      }
    }
    // A wait that was about to begin does not notice that it was ended.
    while !state.withLock({ $0.isOver }) {
      cancelWait()
      usleep(2000)
    }
  }

  private func cancelWait() {
    if let context = state.withLock({ $0.waiting }) { platform.cancel(context) }
  }
}
