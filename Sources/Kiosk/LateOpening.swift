internal import DeviceThreads
internal import Journey
internal import LocalStore
internal import Observability
internal import Ports
internal import ServiceLifecycle

/// Tries a store again that did not open with the kiosk, until it does or turns out to be damaged.
struct LateOpening: Service {
  /// Each time reads the whole file where there is one.
  static let interval = Duration.seconds(10)

  let store: KioskStore
  let news: StoreNews

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while let trouble = store.trouble, !trouble.isDamage {
        guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
        await withCheckedContinuation { done in
          Threads.start(name: "store") {
            store.reopen()
            done.resume()
          }
        }
      }
      news.tell(store)
    }
    // A service that ends takes the others with it.
    try? await gracefulShutdown()
  }
}

/// Says what became of the store to whoever has to know.
struct StoreNews: Sendable {
  let clock: LiveClock
  let board: HealthBoard
  let events: EventPort
  let send: @Sendable (Action) -> Void

  func tell(_ store: KioskStore) {
    if let opened = store.opened {
      clock.resume(opened.clock, lastTicket: opened.lastTicket)
      board.storeOpened()
      if opened.store.opening == .cacheRebuilt {
        events.record(KioskEvent("store.cache-rebuilt", level: .warning))
      }
      events.record(KioskEvent("store.opened"))
    } else if let trouble = store.trouble {
      events.record(KioskEvent("store.not-opened", level: .error, ["error": "\(trouble.error)"]))
      board.storeTrouble(code: trouble.code, advice: trouble.advice)
      if trouble.isDamage {
        board.outOfService(trouble.code)
        send(.facts(.outOfService(reason: trouble.code)))
      } else {
        send(.facts(.store(writable: false)))
      }
    }
  }
}
