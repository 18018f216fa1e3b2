internal import AsyncHTTPClient
internal import DinasProtocol
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
public import Ports

/// The Dinas API over HTTP. One per kiosk; connections are kept and used again. `shutdown` ends it.
public struct DinasClient: Sendable {
  public struct Settings: Sendable {
    public var address: DinasAddress
    /// The kiosk's name at the Dinas.
    public var kiosk: String
    /// Contents of the token file.
    public var token: [UInt8]
    public var tls: TLSFiles?
    /// To reach the server at all.
    public var connectLimit: Duration
    /// A citizen is waiting: a whole answer, bodies of up to 1 MiB included.
    public var answerLimit: Duration
    /// A document of up to 25 MiB over a slow line.
    public var documentLimit: Duration

    public init(
      address: DinasAddress, kiosk: String, token: [UInt8], tls: TLSFiles? = nil,
      connectLimit: Duration = .seconds(3), answerLimit: Duration = .seconds(10),
      documentLimit: Duration = .seconds(120)
    ) {
      self.address = address
      self.kiosk = kiosk
      self.token = token
      self.tls = tls
      self.connectLimit = connectLimit
      self.answerLimit = answerLimit
      self.documentLimit = documentLimit
    }
  }

  /// The Dinas' own roots and this kiosk's certificate, all PEM.
  public struct TLSFiles: Sendable {
    public var roots: String
    public var certificate: String
    public var key: String

    public init(roots: String, certificate: String, key: String) {
      self.roots = roots
      self.certificate = certificate
      self.key = key
    }
  }

  /// Enough for one transfer while a citizen's request goes through beside it.
  static let connectionsLimit = 2

  let settings: Settings
  let authorization: String
  let http: HTTPClient

  public init(_ settings: Settings) throws(DinasClientError) {
    do { try Check.identifier(settings.kiosk, "kiosk") } catch {
      throw DinasClientError(.badKiosk, error.rule)
    }
    let token = settings.token.last == 10 ? settings.token.dropLast() : settings.token[...]
    guard (16...512).contains(token.count), token.allSatisfy({ (33...126).contains($0) }) else {
      throw DinasClientError(.badToken, "a token is 16 to 512 visible characters on one line")
    }
    self.settings = settings
    authorization = "Bearer " + String(decoding: token, as: UTF8.self)
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(settings.connectLimit)),
      decompression: .disabled)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
      Self.connectionsLimit
    // Retrying is the sync engine's business, which knows what may be sent twice.
    configuration.connectionPool.retryConnectionEstablishment = false
    if let files = settings.tls { configuration.tlsConfiguration = try Self.tls(files) }
    http = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  private static func tls(_ files: TLSFiles) throws(DinasClientError) -> TLSConfiguration {
    do {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.minimumTLSVersion = .tlsv12
      tls.certificateVerification = .fullVerification
      tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(files.roots))
      tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
        .certificate($0)
      }
      tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
      return tls
    } catch {
      throw DinasClientError(.badTLS, "roots, certificate and key are PEM files that can be read")
    }
  }

  /// Closes all connections; requests under way fail.
  public func shutdown() async {
    // The only failure is a second shutdown.
    try? await http.shutdown()
  }

  /// The server is there and speaks this version.
  public func ping() async throws(PortError) {
    _ = try await get(DinasAPI.Path.ping, Pong.self, limit: DinasAPI.Limit.answerBytes)
  }

  /// The client as the port the use cases know.
  public func port() -> DinasPort {
    DinasPort(
      fetchChanges: { (cursor) async throws(PortError) in try await fetchChanges(cursor) },
      fetchDocument: { (id, limit) async throws(PortError) in
        try await fetchDocument(id, limit: limit)
      },
      checkCredential: { (proof) async throws(PortError) in try await checkCredential(proof) },
      fetchRevocationList: { (id, limit) async throws(PortError) in
        try await fetchRevocationList(id, limit: limit)
      },
      leasePrint: { (document, id) async throws(PortError) in
        try await leasePrint(document, id: id)
      },
      send: { (item) async throws(PortError) in try await send(item) },
      nextNumber: { (request) async throws(PortError) in try await nextNumber(request) })
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    let parts = duration.components
    self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }
}
