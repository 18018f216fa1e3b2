import DinasProtocol
import Hummingbird
import NIOCore
import NIOSSL

/// A request with the connection it came over.
struct KioskContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Who is at the other end.
  func caller() async throws -> KioskCaller {
    let channel = channel
    return try await channel.eventLoop.submit {
      guard let tls = try? channel.pipeline.syncOperations.handler(type: NIOSSLHandler.self) else {
        return KioskCaller(names: nil)
      }
      let names = (tls.peerCertificate?._subjectAlternativeNames()).map(Array.init) ?? []
      return KioskCaller(
        names: names.filter { $0.nameType == .dnsName }.map { name in
          name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        })
    }.get()
  }
}

/// The kiosk as its certificate names it: whoever has the token of one could otherwise lend, return and
/// take numbers as any other.
struct KioskCaller: Sendable {
  /// The DNS names in its certificate; nil over plain HTTP, where nobody proves a name.
  let names: [String]?

  func mustBe(_ kiosk: String) throws(DinasRefusal) {
    guard names?.contains(kiosk) ?? true else {
      throw DinasRefusal(.unauthorized, "the certificate names another kiosk")
    }
  }
}
