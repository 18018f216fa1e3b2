import ArgumentParser
import Commands

// Synchronous on purpose: an async main leaves the process's main thread at its first suspension,
// and SDL must stay there.
AnjunganCommand.main()
