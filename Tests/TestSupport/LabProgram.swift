public import Foundation

/// A program of the device lab (`Tests/Lab`), started for one test and ended by it.
public final class LabProgram: Sendable {
  /// What it announced: `NAME=value` lines before `ready`.
  public let values: [String: String]
  public let folder: URL
  private let child: ChildProcess
  private let control: String
  private let ownsFolder: Bool

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public init(description: String) { self.description = description }
  }

  /// `Tests/Lab` of this checkout.
  public static let laboratory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Lab").path

  /// Starts `name` with a folder of its own and a control socket in it, and waits until it is
  /// ready.
  /// - Parameters:
  ///   - executable: a program of another place that keeps the laboratory's conventions.
  ///   - makeArguments: gets the folder and the control socket's path.
  public static func start(
    _ name: String, executable: String? = nil, folder: URL? = nil,
    arguments makeArguments: @Sendable (_ folder: String, _ control: String) -> [String] = {
      ["--dir", $0, "--control", $1]
    }
  ) async throws -> LabProgram {
    // A unix socket's path has 107 bytes at most, so not the usual temporary folder.
    let place = folder ?? URL(filePath: "/tmp/lab-" + UUID().uuidString.prefix(13))
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let control = place.path + "/" + name + ".sock"
    let arguments = makeArguments(place.path, control)
    return try await offThePool {
      let errors = place.path + "/" + name + ".errors"
      let child = try ChildProcess(
        executable ?? laboratory + "/" + name, arguments, errors: errors)
      let values = child.announcements()
      guard let values else {
        child.end()
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        throw Failure(
          description: "\(name) of the device lab did not start (are its packages installed? "
            + "see Tests/Lab/README.md): \(said)")
      }
      return LabProgram(
        values: values, folder: place, child: child, control: control, ownsFolder: folder == nil)
    }
  }

  /// A network with nothing in it but `lo`, for what would listen on every interface; nil, and told
  /// loudly, where none may be made.
  public static func privateNetwork() async -> LabProgram? {
    do { return try await start("private-network", arguments: { _, _ in [] }) } catch {
      FileHandle.standardError.write(
        Data("WARNING: the lab listens on every interface of this machine: \(error)\n".utf8))
      return nil
    }
  }

  private init(
    values: [String: String], folder: URL, child: ChildProcess, control: String, ownsFolder: Bool
  ) {
    self.values = values
    self.folder = folder
    self.control = control
    self.ownsFolder = ownsFolder
    self.child = child
  }

  public var pid: Int32 { child.pid }

  /// Sends a command to the control socket and returns what follows `ok`.
  @discardableResult
  public func tell(_ command: String) async throws -> String {
    let control = self.control
    let answer = try await Self.offThePool { try UnixSocket.ask(control, command) }
    guard answer.hasPrefix("ok") else {
      throw Failure(description: "\(command): \(answer)")
    }
    return String(answer.dropFirst(2).drop { $0 == " " })
  }

  /// As `tell`, for answers in JSON.
  public func ask<Value: Decodable & Sendable>(
    _ command: String, as type: Value.Type = Value.self
  ) async throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(try await tell(command).utf8))
  }

  /// Ends the process with SIGTERM, waits for it, and removes the folder.
  public func stop() async {
    try? await Self.offThePool {
      self.child.end()
      if self.ownsFolder { try? FileManager.default.removeItem(at: self.folder) }
    }
  }

  /// Runs a program to its end and gives what it says.
  public static func output(of path: String, _ arguments: [String]) async throws -> String {
    try await offThePool {
      let child = try ChildProcess(path, arguments, errors: "/dev/null")
      defer { child.end() }
      return child.wholeOutput()
    }
  }

  /// Runs something that blocks on a thread of its own.
  public static func offThePool<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }
}

/// Starts a lab program for the body and ends it whatever happens.
public func withLab<Value>(
  _ name: String,
  arguments: @Sendable (String, String) -> [String] = { ["--dir", $0, "--control", $1] },
  _ body: (LabProgram) async throws -> Value
) async throws -> Value {
  let program = try await LabProgram.start(name, arguments: arguments)
  do {
    let value = try await body(program)
    await program.stop()
    return value
  } catch {
    await program.stop()
    throw error
  }
}

/// Waits for a condition in the world outside, looking again and again; throws when it does not
/// come true in time. For what gives no notice of itself.
public func eventually(
  _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while true {
    if try await condition() { return }
    guard ContinuousClock.now < end else {
      throw LabProgram.Failure(description: "not within \(limit): \(what)")
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}
