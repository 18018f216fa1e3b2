internal import FoundationEssentials
internal import OfficeModel
internal import Ports

/// An application as its sealed row holds it. There are hundreds of thousands of them, and JSON took
/// longer than everything else that is done to a row.
enum ApplicationForm {
  /// The first byte. What earlier versions of the store sealed is JSON and begins with a brace.
  private static let version: UInt8 = 1
  private static let brace = UInt8(ascii: "{")
  /// Of the applications without a due date; no civil date is that far away.
  private static let noDate = Int32.min

  static func bytes(_ status: ApplicationStatus) throws(PortError) -> Data {
    var writer = Writer()
    writer.bytes.append(version)
    for text in [
      status.serviceID, status.product, status.holderMasked, status.step.rawValue,
      status.condition.rawValue, status.pickUp.rawValue,
    ] { try writer.add(text) }
    writer.add(Int32(status.receivedOn.daysSinceEpoch))
    writer.add(status.dueOn.map { Int32($0.daysSinceEpoch) } ?? noDate)
    if let note = status.note { try writer.add(note) }
    return Data(writer.bytes)
  }

  /// Throws `storageDamaged` when it is none.
  static func status(_ data: Data) throws(PortError) -> ApplicationStatus {
    if data.first == brace, let old = try? JSONDecoder().decode(ApplicationStatus.self, from: data)
    {
      return old
    }
    var reader = Reader(bytes: Array(data))
    guard reader.byte() == version, let service = reader.text(), let product = reader.text(),
      let holder = reader.text(), let step = reader.text().flatMap(ApplicationStep.init),
      let condition = reader.text().flatMap(ApplicationCondition.init),
      let pickUp = reader.text().flatMap(PickUp.init), let received = reader.date(),
      let due = reader.number()
    else { throw PortError(.storageDamaged, step: "decode application") }
    let note = reader.isAtEnd ? nil : reader.text()
    guard reader.isAtEnd else { throw PortError(.storageDamaged, step: "decode application") }
    return ApplicationStatus(
      serviceID: service, product: product, holderMasked: holder, step: step,
      condition: condition, note: note, receivedOn: received,
      dueOn: due == noDate ? nil : CivilDate(daysSinceEpoch: Int(due)), pickUp: pickUp)
  }

  private struct Writer {
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(160) }

    mutating func add(_ number: Int32) {
      let bits = UInt32(bitPattern: number)
      for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(bits >> shift & 255)) }
    }

    mutating func add(_ text: String) throws(PortError) {
      let count = text.utf8.count
      guard count <= UInt16.max else { throw PortError(.malformed, step: "encode application") }
      bytes.append(UInt8(count >> 8))
      bytes.append(UInt8(count & 255))
      bytes.append(contentsOf: text.utf8)
    }
  }

  private struct Reader {
    var bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() -> UInt8? {
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return bytes[position]
    }

    mutating func number() -> Int32? {
      guard bytes.count - position >= 4 else { return nil }
      defer { position += 4 }
      return Int32(
        bitPattern: bytes[position..<position + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    mutating func date() -> CivilDate? {
      number().flatMap { $0 == noDate ? nil : CivilDate(daysSinceEpoch: Int($0)) }
    }

    mutating func text() -> String? {
      guard bytes.count - position >= 2 else { return nil }
      let count = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard bytes.count - position - 2 >= count else { return nil }
      defer { position += 2 + count }
      return String(validating: bytes[position + 2..<position + 2 + count], as: UTF8.self)
    }
  }
}
