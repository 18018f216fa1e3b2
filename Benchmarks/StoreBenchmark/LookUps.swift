import ArgumentParser
import GRDBSQLite
import LocalStore
import Ports

/// One application by its registration number, through the store and by a bare prepared SELECT, in
/// turns, of the same keys.
struct LookUps: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "look-up")

  @Option(help: "Folder of a filled store.")
  var store: String

  @Option var count = 20_000

  private struct Answer: Encodable {
    var rows: Int
    var ours: Timings
    var bare: Timings
  }

  func run() async throws {
    let local = try LocalStore.open(directory: store, storeKey: benchmarkKey)
    let cache = local.port().cache
    let bare = try BareDatabase(store + "/" + LocalStore.databaseName)
    for pragma in LocalStore.pragmas { try bare.execute(pragma) }
    let keys = try bare.rows("SELECT registration, nik FROM application", columns: 2)
    guard !keys.isEmpty else { throw Failed("nothing to look up") }
    let select = try bare.prepare(
      "SELECT sealed FROM application WHERE registration = ? AND nik = ?")
    defer { sqlite3_finalize(select) }
    let clock = ContinuousClock()
    var random = Sequence64(state: 4)
    var (ours, theirs) = (Timings(), Timings())
    for turn in 0..<count {
      // Keys of their own: whoever came second would find the pages in memory.
      for isOurs in turn.isMultiple(of: 2) ? [true, false] : [false, true] {
        let key = keys[Int(random.next() % UInt64(keys.count))]
        if isOurs {
          let (registration, nik) = (LookupKey(value: key[0]), LookupKey(value: key[1]))
          let began = clock.now
          let found = try await cache.application(registration, nik)
          ours.add(clock.now - began)
          guard found != nil else { throw Failed("the store does not find a row") }
        } else {
          let began = clock.now
          let found = try bare.run(select, key)
          theirs.add(clock.now - began)
          guard found ?? 0 > 0 else { throw Failed("SQLite does not find a row") }
        }
      }
    }
    try tell(Answer(rows: keys.count, ours: ours, bare: theirs))
  }
}

/// SplitMix64: the same keys on every run.
struct Sequence64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
