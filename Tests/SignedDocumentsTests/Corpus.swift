import Foundation
import SignedDocuments
import Testing

/// A folder of cases in the layout of `Tests/Fixtures/tte-corpus`: its manifest, and a context made
/// into trust.
struct Corpus: Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let `class`: String
    let expected: String
    let acceptable: [String]
    let reason: String?
    let context: String
    let signatures: [Signature]?
    let printBytes: Int?
    var testDescription: String { name }

    struct Signature: Decodable, Sendable {
      let kind: String
      let cn: String?
      let serial: String?
    }

    enum CodingKeys: String, CodingKey {
      case name, file, `class`, expected, acceptable, reason, context, signatures
      case printBytes = "print_bytes"
    }
  }

  struct Context: Decodable, Sendable {
    var inherit: String?
    var validationTime: String?
    var trustRoots: [String]?
    var pinnedIssuers: [String]?
    var crlDirectory: String?
    var policy: [String: PolicyValue]?

    enum CodingKeys: String, CodingKey {
      case inherit, policy
      case validationTime = "validation_time"
      case trustRoots = "trust_roots"
      case pinnedIssuers = "pinned_issuers"
      case crlDirectory = "crl_dir"
    }
  }

  enum PolicyValue: Decodable, Sendable {
    case text(String)
    case number(Int)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
    var string: String {
      switch self {
      case .text(let text): text
      case .number(let number): String(number)
      }
    }
  }

  private struct Manifest: Decodable {
    let contexts: [String: Context]
    let cases: [Case]
  }

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  /// The corpus that came from outside; its reason codes are advice.
  static let shared = Corpus("tte-corpus")
  /// Our own: what the PDF's structure may hold and may not.
  static let structure = Corpus("structure-cases")
  /// Our own: messages, time, paths and revocation.
  static let trust = Corpus("trust-cases")
  /// Documents signed by other programs.
  static let producers = Corpus("other-producers")

  let folder: URL
  let cases: [Case]
  let contexts: [String: Context]

  private init(_ name: String) {
    folder = Self.fixtures.appending(path: name)
    do {
      let data = try Data(contentsOf: folder.appending(path: "manifest.json"))
      let manifest = try JSONDecoder().decode(Manifest.self, from: data)
      cases = manifest.cases
      contexts = manifest.contexts
    } catch {
      fatalError("\(name) cannot be read: \(error)")
    }
  }

  func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }

  func named(_ name: String) throws -> Case {
    guard let found = cases.first(where: { $0.name == name }) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return found
  }

  func context(_ name: String) -> Context {
    guard var context = contexts[name] else { return Context() }
    guard let parent = context.inherit.map({ self.context($0) }) else { return context }
    context.validationTime = context.validationTime ?? parent.validationTime
    context.trustRoots = context.trustRoots ?? parent.trustRoots
    context.pinnedIssuers = context.pinnedIssuers ?? parent.pinnedIssuers
    context.crlDirectory = context.crlDirectory ?? parent.crlDirectory
    context.policy = (parent.policy ?? [:]).merging(context.policy ?? [:]) { _, own in own }
    return context
  }

  func verification(
    _ name: String, time: Int64? = nil, change: (inout Policy) -> Void = { _ in }
  ) throws -> DocumentVerification {
    let context = context(name)
    let trust = TrustStore()
    for path in context.trustRoots ?? [] { _ = trust.addRoots(try bytes(path)) }
    for path in context.pinnedIssuers ?? [] { _ = trust.addPinnedIssuers(try bytes(path)) }
    let lists = folder.appending(path: context.crlDirectory ?? "crl/none")
    for file in try FileManager.default.contentsOfDirectory(atPath: lists.path).sorted()
    where file.hasSuffix(".crl") {
      _ = trust.addRevocationLists([UInt8](try Data(contentsOf: lists.appending(path: file))))
    }
    var policy = Policy()
    for (key, value) in context.policy ?? [:] where !policy.set(key, to: value.string) {
      throw CocoaError(.featureUnsupported)
    }
    change(&policy)
    let now = try Date(context.validationTime ?? "", strategy: .iso8601)
    return DocumentVerification(
      trust: trust, policy: policy, now: time ?? Int64(now.timeIntervalSince1970))
  }

  func report(_ entry: Case) throws -> DocumentReport {
    try verification(entry.context).verify(try bytes(entry.file))
  }
}
