import DinasProtocol
import FoundationEssentials
import OfficeModel
import Yams

/// The data folder, read and checked, with every person already behind keyed hashes.
struct LoadedOffice: Sendable {
  struct Credential: Sendable {
    var nikKey: String
    var pinKey: String?
    var qrKey: String?
    var isExpired: Bool
    var validUntil: CivilDate?
    /// The one document of a print credential; nil for one of access.
    var documentID: String?
  }

  struct SealedDocument: Sendable {
    var nikKey: String
    var offer: DocumentOffer
    var registrationKey: String?
    /// The kiosk that its holder chose as pick-up place.
    var kiosk: String?
    var bytes: [UInt8]?

    /// Prints that the Dinas allows in all.
    var granted: Int
  }

  /// An access credential is made for two years; the demonstration's are half way through.
  private static let accessDays = 365

  var name: String
  var zone: OfficeZone
  var tries: OfficeFile.Tries
  var leases: OfficeFile.Leases
  var credentials: [Credential] = []
  var applications: [ChangesBody.Application] = []
  var documents: [SealedDocument] = []
  var announcements: [Announcement] = []
  var nowServing: [NowServingRow] = []
  var queue: QueueRules
  /// Changes with the data and the day, so that a cursor of other data is recognised.
  var generation: String

  init(directory: String, secret: LookupSecret, now: Timestamp) throws {
    let (file, source) = try Self.read(directory)
    let today = LocalTime(now, in: file.office.zone).date
    name = file.office.name
    queue = try QueueRules(file.queue, zone: file.office.zone, secret: secret, today: today)
    zone = file.office.zone
    tries = file.office.tries
    leases = file.office.leases ?? OfficeFile.Leases()
    guard (1...20).contains(tries.limit), (1...1440).contains(tries.lockMinutes) else {
      throw DataProblem("office.tries: limit 1 to 20, lockMinutes 1 to 1440")
    }
    // A kiosk begins no print with less than five minutes left, and a document is looked at before.
    guard (10...1440).contains(leases.selectionMinutes),
      (10...10_080).contains(leases.advanceMinutes)
    else {
      throw DataProblem("office.leases: selectionMinutes 10 to 1440, advanceMinutes 10 to 10080")
    }
    generation = String(
      WireHash.sha256(source + Array(today.description.utf8)).prefix(16))
    announcements = (file.announcements ?? []).map {
      Announcement(
        id: $0.id, text: $0.text, until: $0.untilDaysAhead.map(today.adding(days:)))
    }
    nowServing = (file.nowServing ?? []).map {
      NowServingRow(number: $0.number, counter: $0.counter, isPriority: $0.priority ?? false)
    }
    let seal = DocumentSeal(secret)
    for citizen in file.citizens {
      try add(citizen, directory: directory, secret: secret, seal: seal, today: today)
    }
    try refuseDuplicates()
  }

  private mutating func add(
    _ citizen: OfficeFile.Citizen, directory: String, secret: LookupSecret, seal: DocumentSeal,
    today: CivilDate
  ) throws {
    try Self.digits(citizen.nik, 16...16, "nik of \(citizen.name)")
    let nikBytes = Array(citizen.nik.utf8)
    let nikKey = secret.nik(nikBytes)
    if let pin = citizen.pin { try Self.digits(pin, 6...6, "pin of \(citizen.name)") }
    if citizen.pin != nil || citizen.qr != nil {
      credentials.append(
        Credential(
          nikKey: nikKey,
          pinKey: citizen.pin.map { secret.pin(nik: nikBytes, pin: Array($0.utf8)) },
          qrKey: citizen.qr.map { secret.qr(Array($0.utf8)) },
          isExpired: citizen.expired ?? false, validUntil: today.adding(days: Self.accessDays)))
    }
    for application in citizen.applications ?? [] {
      try Self.digits(application.registration, 6...20, "registration of \(citizen.name)")
      applications.append(
        ChangesBody.Application(
          registrationKey: secret.registration(Array(application.registration.utf8)),
          nikKey: nikKey,
          status: ApplicationStatus(
            serviceID: application.service, product: application.product,
            holderMasked: masked(citizen.name), step: application.step,
            condition: application.condition ?? .moving, note: application.note,
            receivedOn: today.adding(days: -application.receivedDaysAgo),
            dueOn: application.dueInDays.map(today.adding(days:)),
            pickUp: application.pickUp)))
    }
    for document in citizen.documents ?? [] {
      if let pin = document.printPIN {
        try Self.digits(pin, 6...6, "printPIN of \(document.id)")
        guard pin != citizen.pin else {
          throw DataProblem("printPIN of \(document.id): another than its holder's pin")
        }
      }
      if document.printPIN != nil || document.printQR != nil {
        guard document.prints ?? 1 == 1 else {
          throw DataProblem("prints of \(document.id): 1, its print credential is for one print")
        }
        credentials.append(
          Credential(
            nikKey: nikKey,
            pinKey: document.printPIN.map { secret.pin(nik: nikBytes, pin: Array($0.utf8)) },
            qrKey: document.printQR.map { secret.qr(Array($0.utf8)) }, isExpired: false,
            documentID: document.id))
      }
      if let kiosk = document.kiosk { try Check.identifier(kiosk, "kiosk of \(document.id)") }
      let isCard = document.card ?? false
      var bytes: [UInt8]?
      if let file = document.file {
        guard !file.contains("/"), !file.hasPrefix(".") else {
          throw DataProblem("document \(document.id): file is a name inside documents/")
        }
        let plain = try readFile(
          directory + "/documents/" + file, limit: DinasAPI.Limit.documentBytes)
        bytes = try seal.seal(plain, id: document.id)
      }
      let offer = DocumentOffer(
        summary: DocumentSummary(
          id: document.id, kind: document.kind, holderMasked: masked(citizen.name),
          readySince: today.adding(days: -document.readyDaysAgo),
          printsLeft: document.prints ?? (isCard ? 0 : 1), isCard: isCard),
        sealed: bytes.map { SealedBlob(sizeBytes: $0.count, sha256: WireHash.sha256($0)) })
      documents.append(
        SealedDocument(
          nikKey: nikKey, offer: offer,
          registrationKey: document.registration.map {
            secret.registration(Array($0.utf8))
          }, kiosk: document.kiosk, bytes: bytes, granted: offer.summary.printsLeft))
    }
  }

  /// What a client would refuse is refused here first, and by name.
  private func refuseDuplicates() throws {
    let body = ChangesBody(
      serverTime: Timestamp(seconds: 1_800_000_000), cursor: "check", hasMore: false,
      applications: [], documents: [], nowServing: nowServing,
      office: OfficeNews(announcements: announcements))
    try body.check()
    for row in applications {
      var one = body
      one.applications = [row]
      try one.check()
    }
    for document in documents {
      var one = body
      one.documents = [
        .init(id: document.offer.summary.id, nikKey: document.nikKey, offer: document.offer)
      ]
      try one.check()
    }
    guard Set(documents.map(\.offer.summary.id)).count == documents.count else {
      throw DataProblem("documents: an id occurs twice")
    }
    guard Set(applications.map(\.registrationKey)).count == applications.count else {
      throw DataProblem("applications: a registration occurs twice")
    }
    let holders = credentials.filter { $0.documentID == nil }.map(\.nikKey)
    guard Set(holders).count == holders.count else {
      throw DataProblem("citizens: a nik occurs twice")
    }
  }

  static func read(_ directory: String) throws -> (OfficeFile, [UInt8]) {
    let path = directory + "/citizens.yaml"
    let bytes = try readFile(path, limit: 1 << 20)
    do {
      if let problem = try KnownKeys.problem(in: String(decoding: bytes, as: UTF8.self)) {
        throw DataProblem("\(path):\(problem)")
      }
      return (try YAMLDecoder().decode(OfficeFile.self, from: Data(bytes)), bytes)
    } catch let error as DataProblem {
      throw error
    } catch let error as DecodingError {
      throw DataProblem("\(path): \(explain(error))")
    } catch {
      throw DataProblem("\(path): \(error)")
    }
  }

  private static func digits(_ text: String, _ count: ClosedRange<Int>, _ field: String) throws {
    guard count.contains(text.utf8.count),
      text.utf8.allSatisfy({ (48...57).contains($0) })
    else {
      throw DataProblem("\(field): \(count.lowerBound) to \(count.upperBound) digits, in quotes")
    }
  }

  private static func explain(_ error: DecodingError) -> String {
    let (path, words): ([any CodingKey], String) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        (context.codingPath, context.debugDescription)
      @unknown default: ([], "\(error)")
      }
    let place = path.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined()
    return "\(place.drop { $0 == "." }): \(words)"
  }
}

/// The data folder is not as it should be. It holds invented people only, so it may be quoted.
struct DataProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A whole file, never more than `limit` bytes of it.
func readFile(_ path: String, limit: Int) throws -> [UInt8] {
  let data: Data
  do {
    data = try Data(contentsOf: URL(filePath: path), options: [])
  } catch {
    throw DataProblem("\(path): cannot be read")
  }
  guard data.count <= limit else { throw DataProblem("\(path): over \(limit) bytes") }
  return Array(data)
}
