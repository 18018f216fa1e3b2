import ArgumentParser
import DinasProtocol
import Dispatch
import FoundationEssentials
import Glibc
import NIOSSL
import OfficeModel
import Synchronization
import UnixSignals

/// A stand-in for the Dinas API with a demonstration office, on loopback only. Synchronous, so that
/// the process's main thread stays where it is.
@main
struct DinasSimulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dinas-simulator",
    abstract: "A stand-in Dinas API with invented citizens, listening on 127.0.0.1.",
    discussion: "Prints PORT=… and then ready. The control socket takes: \(ControlCommands.help).")

  @Option(help: "Folder with citizens.yaml and documents/.")
  var data: String

  @Option(help: "Port to listen on; 0 takes any free one.")
  var port = 0

  @Option(help: "File with the secret that keys all look-ups: 32 bytes or 64 hexadecimal digits.")
  var lookupKey: String?

  @Option(help: "File with the token that kiosks show.")
  var token: String?

  @Option(help: "Path of a Unix socket that takes commands, one per line.")
  var control: String?

  @Option(help: "File that keeps what was received from one start to the next.")
  var state: String?

  @Option(help: "Certificate to show (PEM); with --tls-key and --tls-roots, all three or none.")
  var tlsCertificate: String?

  @Option(help: "Its key (PEM).")
  var tlsKey: String?

  @Option(help: "Roots of the kiosks' certificates (PEM); kiosks without one are turned away.")
  var tlsRoots: String?

  @Flag(help: "Print who can be played, and exit.")
  var listCitizens = false

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
    let tls = [tlsCertificate, tlsKey, tlsRoots]
    guard tls.allSatisfy({ $0 == nil }) || tls.allSatisfy({ $0 != nil }) else {
      throw ValidationError("--tls-certificate, --tls-key and --tls-roots go together")
    }
    guard listCitizens || (lookupKey != nil && token != nil) else {
      throw ValidationError("--lookup-key and --token are needed")
    }
  }

  func run() throws {
    if listCitizens {
      print(CitizenTable.render(try LoadedOffice.read(data).0))
      return
    }
    let parts = try Parts(self)
    let failure = Mutex<(any Error)?>(nil)
    let done = DispatchSemaphore(value: 0)
    let work = Task.detached {
      do { try await parts.serve() } catch is CancellationError {} catch {
        failure.withLock { $0 = error }
      }
      done.signal()
    }
    done.wait()
    work.cancel()
    if let error = failure.withLock({ $0 }) { throw error }
  }
}

/// Everything the simulator is made of, made from the command line.
private struct Parts: Sendable {
  let dinas: Dinas
  let faults = Faults()
  let server: ServerSwitch
  let controlPath: String?

  init(_ command: DinasSimulator) throws {
    guard let keyPath = command.lookupKey, let tokenPath = command.token else {
      throw ValidationError("--lookup-key and --token are needed")
    }
    let secret = try LookupSecret(file: try readFile(keyPath, limit: 1024))
    let token = try Self.token(tokenPath)
    let office = try LoadedOffice(
      directory: command.data, secret: secret, now: Self.now())
    let file = command.state.map(StateFile.init)
    dinas = Dinas(
      office: office, record: try file?.load() ?? DinasRecord(), clock: { Self.now() },
      save: { try file?.save($0) })
    server = ServerSwitch(
      responder: DinasResponder(dinas: dinas, faults: faults, token: token), port: command.port,
      tls: try Self.tls(command))
    controlPath = command.control
  }

  func serve() async throws {
    try await server.turnOn()
    let port = await server.port
    let (quitting, quit) = AsyncStream.makeStream(of: Void.self)
    let announce: @Sendable () async -> Void = {
      print("PORT=\(port)\nready")
      fflush(nil)
    }
    let commands = ControlCommands(dinas: dinas, faults: faults, server: server)
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let controlPath {
        let socket = ControlSocket(
          path: controlPath, command: { await commands.carryOut($0) }, quit: { quit.finish() })
        group.addTask { try await socket.run(ready: announce) }
      } else {
        await announce()
      }
      group.addTask { for await _ in quitting {} }
      group.addTask { for await _ in signals { return } }
      try await group.next()
      group.cancelAll()
    }
    await server.turnOff()
    if let controlPath { unlink(controlPath) }
  }

  private static func tls(_ command: DinasSimulator) throws -> TLSConfiguration? {
    guard let certificate = command.tlsCertificate, let key = command.tlsKey,
      let roots = command.tlsRoots
    else { return nil }
    return try ServerCertificate.configuration(certificate: certificate, key: key, roots: roots)
  }

  private static func token(_ path: String) throws -> [UInt8] {
    let bytes = try readFile(path, limit: 1024)
    let token = bytes.last == 10 ? Array(bytes.dropLast()) : bytes
    guard (16...512).contains(token.count), token.allSatisfy({ (33...126).contains($0) }) else {
      throw DataProblem("\(path): a token is 16 to 512 visible characters on one line")
    }
    return token
  }

  private static func now() -> Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded()))
  }
}
