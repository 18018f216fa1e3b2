internal import CForge
internal import COpenSSL

@testable internal import SignedDocuments

/// CMS: decoding, the shape, and the rules about the one signer.
final class MessageTarget: Target {
  static let reachedMeans = "message decoded, rules about its signer run"

  let seeds: [[UInt8]]
  private let known: [Certificate]
  private let mutator: DERMutator
  /// By signer's key: the digests that the genuine messages sign. The fuzzer has none of these
  /// keys, so no other digest may ever come out.
  private var genuine: [[UInt8]: Set<[UInt8]>] = [:]

  init(_ corpus: Corpus) {
    known = corpus.trust.issuers + [Forge.person]
    seeds =
      corpus.parts.messages + [Forge.message(FORGE_PERSON, content: Array("Rekaan".utf8))]
    mutator = DERMutator(seeds: seeds + corpus.parts.certificates + corpus.parts.tokens)
    for seed in seeds {
      guard let message = try? Self.decode(seed),
        let signer = try? CMSRules.signer(of: message, known: known, bindingRequired: false)
      else { continue }
      genuine[signer.keyFingerprint, default: []].insert(message.attributes.messageDigest)
    }
    if genuine.count < 3 { broken("the corpus has too few messages that verify") }
  }

  private static func decode(_ bytes: [UInt8]) throws -> CMSMessage {
    try CMSMessage(bytes, contentType: NID_pkcs7_data, detached: true)
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    guard let message = try? Self.decode(input) else { return }
    if let archive = message.attributes.revocationArchive { _ = AdobeRevocation.read(archive) }
    counters.reached += 1
    guard let signer = signer(of: message) else { return }
    counters.accepted += 1
    if signer.keyFingerprint == Forge.person.keyFingerprint { return }
    if let digests = genuine[signer.keyFingerprint],
      !digests.contains(message.attributes.messageDigest)
    {
      broken("a mutated message verifies with another digest than the signed one")
    }
  }

  /// As CAdES demands; without the binding only where nothing but the binding is missing.
  private func signer(of message: CMSMessage) -> Certificate? {
    do {
      return try CMSRules.signer(of: message, known: known, bindingRequired: true)
    } catch let finding as Finding where finding.reason == "missing_signing_certificate" {
      return try? CMSRules.signer(of: message, known: known, bindingRequired: false)
    } catch {
      return nil
    }
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    mutator.mutate(
      input, random: &random, focus: { $0.at(1, 0)?.children.last },
      resign: { Forge.resign(message: $0, as: FORGE_PERSON) })
  }
}
