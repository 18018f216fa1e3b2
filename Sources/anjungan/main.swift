import ArgumentParser
import Commands
import Glibc

// Synchronous on purpose: an async main leaves the process's main thread at its first suspension,
// and SDL must stay there.
do {
  var command = try AnjunganCommand.parseAsRoot()
  try command.run()
} catch  where AnjunganCommand.exitCode(for: error) == .validationFailure {
  // A wrong call is 2 with every subcommand, as `verify` promises.
  let message = Array((AnjunganCommand.fullMessage(for: error) + "\n").utf8)
  _ = write(STDERR_FILENO, message, message.count)
  exit(2)
} catch {
  AnjunganCommand.exit(withError: error)
}
