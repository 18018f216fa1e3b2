import Yams

/// Names a key that no reader knows, with its line: a mistyped key would otherwise be passed over.
enum KnownKeys {
  /// By the path of mappings that leads to them; lists do not count as a step.
  private static let known: [String: Set<String>] = [
    "": ["office", "announcements", "nowServing", "queue", "citizens"],
    "office": ["name", "zone", "tries", "leases"],
    "office.tries": ["limit", "lockMinutes"],
    "office.leases": ["selectionMinutes", "advanceMinutes"],
    "announcements": ["id", "text", "untilDaysAhead"],
    "nowServing": ["number", "counter", "priority"],
    "queue": ["reserve", "perCitizen", "services", "bookings"],
    "queue.reserve": ["numbers", "days"],
    "queue.services": [
      "id", "name", "series", "secondsPerCall", "day", "morning", "afternoon",
    ],
    "queue.bookings": ["code", "service", "from", "until", "inDays"],
    "citizens": ["name", "nik", "pin", "qr", "expired", "shows", "applications", "documents"],
    "citizens.applications": [
      "registration", "service", "product", "step", "condition", "note", "receivedDaysAgo",
      "dueInDays", "pickUp",
    ],
    "citizens.documents": [
      "id", "kind", "file", "card", "readyDaysAgo", "prints", "registration", "printPIN", "printQR",
      "kiosk",
    ],
  ]

  /// The first unknown key as `line:column: message`; nil when all are known.
  static func problem(in yaml: String) throws -> String? {
    guard let root = try Yams.compose(yaml: yaml) else { return "the file is empty" }
    return problem(root, path: "")
  }

  private static func problem(_ node: Node, path: String) -> String? {
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        let name = key.string ?? ""
        guard let keys = known[path], keys.contains(name) else {
          let place = key.mark.map { "\($0.line):\($0.column): " } ?? ""
          return "\(place)unknown key \(name)"
        }
        let inner = path.isEmpty ? name : path + "." + name
        if let problem = problem(value, path: inner) { return problem }
      }
      return nil
    case .sequence(let sequence):
      return sequence.lazy.compactMap { problem($0, path: path) }.first
    case .scalar, .alias: return nil
    }
  }
}
