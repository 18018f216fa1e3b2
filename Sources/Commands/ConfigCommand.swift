internal import ArgumentParser
internal import KioskConfiguration

/// `anjungan config check PATH` and `anjungan config show PATH`.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Check a configuration, or show what it comes to.",
    subcommands: [Check.self, Show.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell every problem as file:line:column: message. Exit 0 when there is none.")

    @Argument(help: "The office's folder, or its kiosk.yaml.")
    var path: String

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    func run() throws {
      let problems = KioskConfiguration.check(path: path, overlay: overlay)
      for problem in problems { Terminal.say(problem.description) }
      guard problems.isEmpty else { throw ExitCode(1) }
      Terminal.say("\(path): in order")
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print every value that counts, with where it was written.")

    @Argument(help: "The office's folder, or its kiosk.yaml.")
    var path: String

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    func run() throws {
      do {
        Terminal.say(try KioskConfiguration.load(path: path, overlay: overlay).effectiveText)
      } catch {
        Terminal.complain(error.description)
        throw ExitCode(1)
      }
    }
  }
}
