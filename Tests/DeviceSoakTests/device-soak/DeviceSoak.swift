import ArgumentParser

/// The production drivers of the devices, driven over standard input by the program that owns the
/// devices and breaks them (`soak.py`): here is only what a kiosk would do with a port, there is
/// what really happened.
@main
struct DeviceSoak: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device-soak",
    abstract: "A card reader, an A4 printer or a ticket printer, driven over standard input.",
    discussion: """
      Tells one line for each thing the driver says, the monotonic clock's microseconds before it. \
      Every driver takes: heap.
      """,
    subcommands: [Cards.self, Documents.self, Tickets.self])
}
