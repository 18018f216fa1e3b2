internal import ArgumentParser
internal import Glibc
internal import OfficeModel
internal import VerifierClient

/// `anjungan trust show` and `anjungan trust add-crl FILE…`.
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Show what the kiosk believes, or bring newer revocation lists.",
    subcommands: [Show.self, AddCRL.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell roots, issuers and revocation lists with dates and fingerprints.",
      discussion: """
        Compare the SHA-256 fingerprints with what you were given by another way. Exit 0 when \
        documents can be judged by it, 1 when not, 2 when the verifier gives no answer.
        """)

    @OptionGroup var place: TrustPlace

    func run() throws {
      let found = try place.find()
      guard
        let report = TrustTool(helper: found.helper, settings: found.settings).reportBlocking()
      else {
        Terminal.complain("\(found.helper) gives no answer: run anjungan doctor.")
        throw ExitCode(2)
      }
      for line in TrustText.lines(
        report, now: Int64(time(nil)), isDemonstration: found.isDemonstration)
      {
        Terminal.say(line)
      }
      guard report.faults.isEmpty else { throw ExitCode(1) }
    }
  }

  struct AddCRL: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add-crl",
      abstract: "Bring revocation lists (CRL, DER or PEM) into the trust folder.",
      discussion: """
        A list is taken when a root or issuer of the trust folder signed it and its number is \
        newer than that of the list that is held. Nothing is fetched from a network. Exit 0 when \
        every list is in place, 1 when one was refused, 2 when a file or the folder cannot be used.
        """)

    @Argument(help: "Revocation lists.")
    var files: [String]

    @OptionGroup var place: TrustPlace

    func run() throws {
      let found = try place.find()
      guard let lists = RevocationListImport(helper: found.helper, settings: found.settings)
      else { throw ExitCode(2) }
      var code: Int32 = 0
      for file in files {
        guard let bytes = WholeFile.bytes(of: file, limit: RevocationListImport.bytesLimit) else {
          Terminal.complain("\(file): cannot be read, or is larger than 16 MiB")
          code = 2
          continue
        }
        let outcome = lists.addBlocking(bytes)
        Terminal.say("\(file): \(TrustText.line(outcome))")
        switch outcome {
        case .installed, .held: break
        case .refused: code = max(code, 1)
        case .notWritten: code = 2
        }
      }
      guard code == 0 else { throw ExitCode(code) }
    }
  }
}
