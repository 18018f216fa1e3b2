import ArgumentParser
import LocalStore

/// What the store does for the kiosk, timed beside SQLite alone. Started by `Benchmarks/store.py`,
/// which makes the pages, the peers and the tables. Each command answers with one JSON object.
@main
struct StoreBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store-benchmark",
    subcommands: [FirstFill.self, LookUps.self, Tickets.self, Pragmas.self])
}

/// What the store tells its connections, for whoever has to tell SQLite the same.
struct Pragmas: ParsableCommand {
  func run() throws { try tell(LocalStore.pragmas) }
}
