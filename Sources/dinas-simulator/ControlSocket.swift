import NIOCore
import NIOPosix

/// A Unix socket that takes one command per line and answers each with one line.
struct ControlSocket: Sendable {
  /// A command is a few words.
  static let lineLimitBytes = 4096

  let path: String
  let command: @Sendable (String) async -> String
  /// Called when the answer to `quit` has been written.
  let quit: @Sendable () -> Void

  /// Serves until the task is cancelled; `ready` is called once the socket can be connected to.
  func run(ready: @Sendable () async -> Void) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    await ready()
    try await server.executeThenClose { connections in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in connections {
          group.addTask { await serve(connection) }
        }
      }
    }
  }

  /// One client; what goes wrong with it ends only its own connection.
  private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
    _ = try? await connection.executeThenClose { incoming, outgoing in
      var line: [UInt8] = []
      for try await part in incoming {
        for byte in part.readableBytesView {
          guard byte == 10 else {
            line.append(byte)
            guard line.count <= Self.lineLimitBytes else { return }
            continue
          }
          let answer = await command(String(decoding: line, as: UTF8.self))
          line.removeAll()
          try await outgoing.write(ByteBuffer(string: answer + "\n"))
          if answer == ControlCommands.quitAnswer { quit() }
        }
      }
    }
  }
}
