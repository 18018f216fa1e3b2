internal import Crypto
internal import FoundationEssentials

/// A record of the audit log as it is exported: one line of JSON, in one way of writing only.
public struct AuditLine: Codable, Sendable, Equatable {
  public var seq: Int64
  /// Milliseconds since 1970.
  public var at: Int64
  public var who: String
  public var what: String
  public var subject: String
  public var result: String
  public var hash: String

  public init(
    seq: Int64, at: Int64, who: String, what: String, subject: String, result: String,
    hash: String
  ) {
    self.seq = seq
    self.at = at
    self.who = who
    self.what = what
    self.subject = subject
    self.result = result
    self.hash = hash
  }
}

/// The first line of an export: what follows, and how it ends.
public struct AuditHead: Codable, Sendable, Equatable {
  public static let formatName = "anjungan-audit-1"
  public var format: String
  public var kiosk: String
  public var records: Int64
  /// Of the last record; empty where there is none.
  public var hash: String

  public init(kiosk: String, records: Int64, hash: String) {
    format = Self.formatName
    self.kiosk = kiosk
    self.records = records
    self.hash = hash
  }
}

/// The chain as far as it was followed. Each record carries the SHA-256 of itself and of the record
/// before it, so that none can be changed, taken out or put in between; what a cut at the end takes
/// away only a head that is known from elsewhere shows.
public struct AuditChain: Sendable, Equatable {
  public private(set) var sequence: Int64
  public private(set) var hash: String

  /// Records that damage took away, as the record itself tells.
  public private(set) var lost: Int64 = 0
  private var bridge: Bridge?

  public init(sequence: Int64 = 0, hash: String = "") {
    self.sequence = sequence
    self.hash = hash
  }

  public enum Fault: Sendable, Equatable {
    case sequence(expected: Int64)
    case changed
  }

  /// Stands in the place of records that damage took away, and names the one behind them.
  struct Bridge: Sendable, Equatable {
    static let result = "records-lost"
    var sequence: Int64
    var hash: String

    var text: String { "\(sequence):\(hash)" }

    init(sequence: Int64, hash: String) {
      self.sequence = sequence
      self.hash = hash
    }

    /// Nil for any other record.
    init?(_ line: AuditLine) {
      let parts = line.subject.split(separator: ":")
      guard line.what == "storeDamaged", line.result == Self.result, parts.count == 2,
        let next = Int64(parts[0]), next > line.seq
      else { return nil }
      self.init(sequence: next, hash: String(parts[1]))
    }
  }

  /// Follows the chain to the next record; a fault leaves it where it was.
  public mutating func take(_ line: AuditLine) -> Fault? {
    let expected = bridge?.sequence ?? sequence + 1
    guard line.seq == expected else { return .sequence(expected: expected) }
    // The record before it is lost, so what it says is held against the hash that was saved alone.
    guard line.hash == bridge?.hash ?? Self.hash(after: hash, line) else { return .changed }
    sequence = line.seq
    hash = line.hash
    bridge = Bridge(line)
    lost += bridge.map { $0.sequence - line.seq } ?? 0
    return nil
  }

  /// SHA-256 over the fields, each with its length before it, so that no two records read alike.
  public static func hash(after before: String, _ line: AuditLine) -> String {
    var hash = SHA256()
    for field in [
      before, String(line.seq), String(line.at), line.who, line.what, line.subject, line.result,
    ] {
      hash.update(data: Array("\(field.utf8.count):\(field)".utf8))
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}

/// The audit log as text: a head, then a record a line.
public enum AuditText {
  /// Longer than any record: identifiers, names and codes are short.
  public static let lineLimit = 8192

  public static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Nil for anything but the one way in which the value is written.
  public static func value<Value: Codable>(_ type: Value.Type, _ text: String) -> Value? {
    guard text.utf8.count <= lineLimit,
      let value = try? JSONDecoder().decode(type, from: Data(text.utf8)),
      let again = try? line(value), again == text
    else { return nil }
    return value
  }
}

/// Follows an export line by line.
public struct AuditCheck: Sendable {
  public private(set) var head: AuditHead?
  public private(set) var chain = AuditChain()
  private let known: AuditChain?
  private var sawKnown: Bool

  /// - Parameter known: A head that was told elsewhere, for instance to the server.
  public init(known: AuditChain? = nil) {
    self.known = known
    sawKnown = known == nil || known?.sequence == 0
  }

  /// What is wrong with this line; nil when nothing is.
  public mutating func take(_ text: String) -> String? {
    guard let head else {
      guard let first = AuditText.value(AuditHead.self, text),
        first.format == AuditHead.formatName
      else { return "is not the head of an audit log" }
      head = first
      return nil
    }
    guard let line = AuditText.value(AuditLine.self, text) else {
      return "is not a record as it was written"
    }
    guard chain.sequence < head.records else { return "comes after the end that the head names" }
    switch chain.take(line) {
    case .sequence(let expected): return "has number \(line.seq) in place of \(expected)"
    case .changed: return "was changed, or one before it was"
    case nil: break
    }
    if line.seq == known?.sequence {
      guard line.hash == known?.hash else { return "is another than the one known elsewhere" }
      sawKnown = true
    }
    return nil
  }

  /// What is wrong with the whole; nil when nothing is.
  public func end() -> String? {
    guard let head else { return "there is no head" }
    guard chain.sequence == head.records, chain.hash == head.hash else {
      return "\(head.records - chain.sequence) record(s) are missing at the end"
    }
    return sawKnown
      ? nil : "it ends before record \(known?.sequence ?? 0), which is known elsewhere"
  }
}
