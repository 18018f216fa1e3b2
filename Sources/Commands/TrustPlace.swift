internal import ArgumentParser
internal import Kiosk
internal import KioskConfiguration
internal import VerifierClient

/// Which trust folder a command works on: that of a configuration, or one that is named.
struct TrustPlace: ParsableArguments {
  @Option(help: "The office's folder, or its kiosk.yaml: the trust folder is the one it names.")
  var config: String?

  @Option(help: "A trust folder with roots/, issuers/, crl/ and policy.")
  var trust: String?

  @Option(help: "The folder of the revocation lists, in place of the trust folder's crl/.")
  var crl: String?

  func validate() throws {
    guard (config == nil) != (trust == nil) else {
      throw ValidationError("Name either --config or --trust.")
    }
  }

  struct Found {
    let helper: String
    let settings: DocumentVerifier.Settings
    let isDemonstration: Bool
  }

  /// Says what is wrong with the configuration and ends with 2 when it cannot be read.
  func find() throws -> Found {
    var settings: DocumentVerifier.Settings
    var helper = ProgramFolder.path(of: "anjungan-verify")
    var isDemonstration = false
    if let config {
      let known: KioskSettings
      do {
        known = try KioskConfiguration.load(path: config, overlay: nil).settings
      } catch {
        Terminal.complain(error.description)
        throw ExitCode(2)
      }
      settings = DocumentVerifier.Settings(trust: known.trust.directory)
      settings.revocationLists = known.trust.revocationDirectory
      helper = known.tools.verifier ?? helper
      isDemonstration = known.isDemonstration
    } else {
      settings = DocumentVerifier.Settings(trust: trust)
    }
    if let crl { settings.revocationLists = crl }
    return Found(helper: helper, settings: settings, isDemonstration: isDemonstration)
  }
}
