import OfficeModel

/// `citizens.yaml` as people write it. Days are given relative to today (`receivedDaysAgo: 3`), so
/// a demonstration never ages.
struct OfficeFile: Codable, Sendable {
  var office: Office
  var announcements: [Notice]?
  var nowServing: [Serving]?
  var queue: Queue?
  var citizens: [Citizen]

  struct Office: Codable, Sendable {
    var name: String
    var zone: OfficeZone
    var tries: Tries
    var leases: Leases?
  }

  /// How many wrong PINs in a row lock a NIK, and for how long.
  struct Tries: Codable, Sendable {
    var limit: Int
    var lockMinutes: Int
  }

  /// How long a print right is lent to a kiosk: on selection, and in advance to the pick-up kiosk.
  struct Leases: Codable, Sendable {
    var selectionMinutes = 30
    var advanceMinutes = 1440
  }

  struct Notice: Codable, Sendable {
    var id: String
    var text: String
    var untilDaysAhead: Int?
  }

  struct Serving: Codable, Sendable {
    var number: String
    var counter: String
    var priority: Bool?
  }

  struct Citizen: Codable, Sendable {
    var name: String
    var nik: String
    /// Nil: not registered for self-service.
    var pin: String?
    /// What a scanner reads from the citizen's QR.
    var qr: String?
    /// The credential's two years are over.
    var expired: Bool?
    /// For people who play this citizen.
    var shows: String
    var applications: [Application]?
    var documents: [Document]?
  }

  struct Application: Codable, Sendable {
    var registration: String
    var service: String
    var product: String
    var step: ApplicationStep
    var condition: ApplicationCondition?
    var note: String?
    var receivedDaysAgo: Int
    /// Negative: overdue. Absent: the standard names no limit.
    var dueInDays: Int?
    var pickUp: PickUp
  }

  struct Document: Codable, Sendable {
    var id: String
    var kind: String
    /// In `documents/`; absent for cards.
    var file: String?
    var card: Bool?
    var readyDaysAgo: Int
    var prints: Int?
    /// Opens this document alone, for one print.
    var printPIN: String?
    var printQR: String?
    /// The kiosk its holder chose as pick-up place.
    var kiosk: String?
    /// The application that is done once this document is printed.
    var registration: String?
  }
}

/// "BUDI SANTOSO" leaves the Dinas as "BUDI S•••••": enough for its holder, little for a neighbour.
func masked(_ name: String) -> String {
  let words = name.split(separator: " ")
  return words.enumerated().map { index, word in
    index == 0 ? String(word) : String(word.prefix(1)) + "•••••"
  }.joined(separator: " ")
}
