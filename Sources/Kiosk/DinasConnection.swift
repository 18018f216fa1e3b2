internal import DinasClient
internal import KioskConfiguration

/// The connection to the Dinas, by the address, token and certificates of the configuration.
struct DinasConnection: Sendable {
  let client: DinasClient
  /// Of the certificates; empty where the connection has none of its own.
  let certificates: [CertificateDates]

  /// - Throws: `SecretFileProblem` or `DinasClientError`, which say what is missing or wrong.
  init(_ settings: KioskSettings) throws {
    client = try DinasClient(Self.dinasSettings(settings))
    certificates = try Self.tlsFiles(settings)?.dates() ?? []
  }

  private static func dinasSettings(_ settings: KioskSettings) throws -> DinasClient.Settings {
    let server = settings.server
    let token = try server.tokenFile.map { Array(try SecretFile.text(at: $0).utf8) } ?? []
    return DinasClient.Settings(
      address: try DinasAddress(server.url, isDemonstration: settings.isDemonstration),
      kiosk: server.kioskID, token: token, tls: try tlsFiles(settings),
      connectLimit: server.connectTimeout,
      answerLimit: server.requestTimeout, documentLimit: server.documentTimeout)
  }

  /// Nil for plain HTTP: an overlay for a demonstration keeps the office's own files named.
  private static func tlsFiles(_ settings: KioskSettings) throws -> DinasClient.TLSFiles? {
    let server = settings.server
    let address = try DinasAddress(server.url, isDemonstration: settings.isDemonstration)
    guard address.isEncrypted, let roots = server.rootsFile,
      let certificate = server.clientCertificateFile, let key = server.clientKeyFile
    else { return nil }
    // A key that others may read is no secret of this kiosk's.
    _ = try SecretFile.text(at: key)
    return DinasClient.TLSFiles(
      roots: roots, certificate: certificate, key: try SecretFile.file(of: key))
  }
}
