import ArgumentParser
import DinasClient
import FoundationEssentials
import LocalStore
import Ports

/// From the bytes of pages to committed rows, by the kiosk's own way.
struct FirstFill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fill")

  @Option(help: "Folder with the pages as the server sent them, in the order of their names.")
  var pages: String

  @Option(help: "Folder of the store; must not be there yet.")
  var store: String

  private struct Answer: Encodable {
    var rows: Int
    var pages: Int
    var decodeSeconds: Double
    var storeSeconds: Double
    var memory: [Memory]
  }

  func run() async throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: pages).sorted()
    let local = try LocalStore.open(directory: store, storeKey: benchmarkKey)
    let cache = local.port().cache
    let clock = ContinuousClock()
    var decoding = Duration.zero
    var storing = Duration.zero
    var memory: [Memory] = []
    var rows = 0
    for (index, name) in names.enumerated() {
      let bytes = Array(try Data(contentsOf: URL(filePath: pages + "/" + name)))
      let began = clock.now
      let page = try DinasClient.changesPage(bytes)
      let decoded = clock.now
      try await cache.apply(page, page.serverTime)
      decoding += decoded - began
      storing += clock.now - decoded
      rows += page.applications.count
      if index % max(1, names.count / 10) == 0 { memory.append(try Memory(rows: rows)) }
    }
    memory.append(try Memory(rows: rows))
    try local.close()
    try tell(
      Answer(
        rows: rows, pages: names.count, decodeSeconds: decoding / .seconds(1),
        storeSeconds: storing / .seconds(1), memory: memory))
  }
}
