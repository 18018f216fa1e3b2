internal import CForge
internal import COpenSSL
internal import Foundation

@testable internal import SignedDocuments

/// The documents of corpora like `Tests/Fixtures/tte-corpus`, taken apart: nothing binary is kept
/// twice.
final class Corpus {
  struct Document {
    let name: String
    let bytes: [UInt8]
  }

  private struct Manifest: Decodable {
    struct Case: Decodable {
      let name: String
      let file: String
    }
    struct Context: Decodable {
      let validationTime: String?
      let trustRoots: [String]?
      let pinnedIssuers: [String]?
      let crlDir: String?
    }
    let contexts: [String: Context]
    let cases: [Case]
  }

  /// Those that are neither bombs nor bigger than a fuzzer can turn over quickly.
  private(set) var documents: [Document] = []
  /// The corpora's own trust together with the authority of this process.
  let trust = TrustStore()
  /// Lists of the caches, as files.
  private(set) var lists: [[UInt8]] = []
  /// The first corpus's clock, in seconds since 1970.
  private(set) var now: Int64 = 0

  static let documentBytesLimit = 64 << 10

  /// - Parameter folders: corpora that lie side by side; the first one's clock is everybody's.
  init(folders: [String]) throws {
    _ = trust.addRoots(Forge.authority.der)
    _ = trust.addPinnedIssuers(Forge.authority.der)
    for folder in folders { try add(URL(filePath: folder)) }
  }

  private func add(_ folder: URL) throws {
    func bytes(_ path: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let manifest = try decoder.decode(Manifest.self, from: Data(bytes("manifest.json")))
    guard let context = manifest.contexts["default"], let time = context.validationTime else {
      throw CocoaError(.fileReadCorruptFile)
    }
    if now == 0 { now = Int64(try Date(time, strategy: .iso8601).timeIntervalSince1970) }
    documents += try manifest.cases.filter { !$0.name.hasPrefix("dos-") }
      .map { Document(name: $0.name, bytes: try bytes($0.file)) }
      .filter { $0.bytes.count <= Self.documentBytesLimit }
    for path in context.trustRoots ?? [] { _ = trust.addRoots(try bytes(path)) }
    for path in context.pinnedIssuers ?? [] { _ = trust.addPinnedIssuers(try bytes(path)) }
    let cache = context.crlDir ?? ""
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: cache).path)
    for name in names.sorted() where name.hasSuffix(".crl") {
      let list = try bytes(cache + "/" + name)
      lists.append(list)
      _ = trust.addRevocationLists(list)
    }
  }

  /// What a document carries, as far as it can be taken out.
  struct Parts {
    var messages: [[UInt8]] = []
    var tokens: [[UInt8]] = []
    var certificates: [[UInt8]] = []
    var lists: [[UInt8]] = []
    var answers: [[UInt8]] = []
  }

  lazy var parts: Parts = {
    var parts = Parts()
    for document in documents { try? Self.takeApart(document.bytes, into: &parts) }
    func unique(_ items: [[UInt8]]) -> [[UInt8]] {
      Array(Set(items)).sorted { $0.lexicographicallyPrecedes($1) }
    }
    return Parts(
      messages: unique(parts.messages), tokens: unique(parts.tokens),
      certificates: unique(parts.certificates), lists: unique(parts.lists + lists),
      answers: unique(parts.answers))
  }()

  /// The certificates of all documents and pinned issuers, each once.
  lazy var certificates: [Certificate] = {
    var seen: Set<Certificate> = []
    var found: [Certificate] = []
    for one in trust.issuers + trust.roots + parts.certificates.compactMap({ Certificate(der: $0) })
    where seen.insert(one).inserted { found.append(one) }
    return found
  }()

  private static func takeApart(_ bytes: [UInt8], into parts: inout Parts) throws {
    let memory = permanent(bytes)
    let revision = try PDFRevision(memory, end: memory.count)
    for field in try SignatureFields(revision, limit: 16).signatures {
      guard let padded = field.value["Contents"]?.asString else { continue }
      // Without the padding; a message in a form of its own stays as it is.
      let rest = DERNode.parse(padded)?.rest.count ?? 0
      let message = Array(padded.dropLast(rest))
      guard field.isPerson else {
        parts.tokens.append(message)
        continue
      }
      parts.messages.append(message)
      if let decoded = try? CMSMessage(message, contentType: NID_pkcs7_data, detached: true) {
        parts.tokens += decoded.timeStampTokens
        parts.certificates += decoded.certificates.map(\.der)
      }
    }
    guard let store = revision.dictionary(revision.catalog["DSS"]) else { return }
    func leaves(_ key: PDFName) throws -> [[UInt8]] {
      try (revision.array(store[key]) ?? []).compactMap(\.asReference).compactMap {
        try revision.decodedStream($0, limit: 1 << 20)
      }
    }
    parts.certificates += try leaves("Certs")
    parts.lists += try leaves("CRLs")
    parts.answers += try leaves("OCSPs")
  }
}

/// Bytes that stay where they are until the process ends, as the verifier demands of a document.
func permanent(_ bytes: [UInt8]) -> DocumentBytes {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  memory.copyBytes(from: bytes)
  return DocumentBytes(UnsafeRawBufferPointer(memory))
}
