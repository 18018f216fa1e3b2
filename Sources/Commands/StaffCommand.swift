internal import ArgumentParser
internal import DinasProtocol
internal import Glibc
internal import KioskConfiguration

/// `anjungan staff add|remove|list`: who may sign in at the glass.
struct StaffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff", abstract: "Make and take away the PINs of the kiosk's staff.",
    subcommands: [Add.self, Remove.self, List.self])

  struct Place: ParsableArguments {
    @Option(help: "The office's folder, or its kiosk.yaml.")
    var config: String

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    func open() throws -> (settings: KioskSettings, path: String, file: StaffFile) {
      do {
        let settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
        guard let path = settings.staff.file else {
          Terminal.complain("The configuration names no staff.file.")
          throw ExitCode(1)
        }
        return (settings, path, try StaffFile.read(path))
      } catch let error as ExitCode { throw error } catch {
        Terminal.complain("\(error)")
        throw ExitCode(1)
      }
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a member of staff a PIN: six digits, read from the standard input.",
      discussion: "The name stands in the audit log; a role or initials say enough.")

    @OptionGroup var place: Place

    @Argument(help: "Small letters, digits and hyphens.")
    var name: String

    func run() throws {
      var (settings, path, file) = try place.open()
      func stop(_ why: String) -> ExitCode {
        Terminal.complain(why)
        return ExitCode(1)
      }
      guard StaffFile.isName(name) else { throw stop("A name has small letters and digits.") }
      if isatty(0) == 1 { Terminal.complain("PIN, six digits:") }
      guard let pin = readLine(), pin.utf8.count == 6,
        pin.utf8.allSatisfy({ (48...57).contains($0) }), Set(pin.utf8).count > 2
      else { throw stop("A PIN has six digits, at least three of them different.") }
      do {
        let secret = try LookupSecret(file: SecretFile.key(at: settings.storage.lookupKeyFile))
        let proof = Array(secret.staff(Array(pin.utf8)).utf8)
        // The glass knows people by their PINs alone.
        for member in file.members where member.name != name {
          if let hash = try? SlowHash(member.hash), hash.matches(proof) {
            throw stop("That PIN cannot be taken. Choose another.")
          }
        }
        var chance = SystemRandomNumberGenerator()
        let salt = (0..<SlowHash.saltBytes).map { _ in UInt8.random(in: 0...255, using: &chance) }
        let hash = try SlowHash(of: proof, salt: salt)
        guard file.set(.init(name: name, hash: "\(hash)")) else {
          throw stop("There are \(StaffFile.staffLimit) already: remove somebody first.")
        }
        try file.write(path)
      } catch let error as ExitCode { throw error } catch { throw stop("\(error)") }
      Terminal.say("\(name) can sign in.")
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take a member's PIN away.")

    @OptionGroup var place: Place

    @Argument(help: "The name as it was added.")
    var name: String

    func run() throws {
      var (_, path, file) = try place.open()
      guard file.remove(name) else {
        Terminal.complain("Nobody has that name.")
        throw ExitCode(1)
      }
      do { try file.write(path) } catch {
        Terminal.complain("\(error)")
        throw ExitCode(1)
      }
      Terminal.say("\(name) can no longer sign in.")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Name who can sign in.")

    @OptionGroup var place: Place

    func run() throws {
      for member in try place.open().file.members { Terminal.say(member.name) }
    }
  }
}
