import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server that answers every request with the same raw bytes, however wrong they are.
final class RawServer: Sendable {
  enum Answer: Sendable {
    case bytes([UInt8])
    /// The head, then a byte now and then for ever.
    case drip([UInt8])
    /// Never a word.
    case silence
  }

  private let channel: any Channel
  private let accepted: Accepted
  let port: Int

  /// How many connections came.
  var connections: Int { accepted.count.withLock { $0 } }

  private final class Accepted: Sendable { let count = Mutex(0) }

  static func with<Value>(
    _ answer: Answer, tls: TLSConfiguration? = nil,
    _ body: (RawServer) async throws -> Value
  ) async throws -> Value {
    let accepted = Accepted()
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        accepted.count.withLock { $0 += 1 }
        return channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          try channel.pipeline.syncOperations.addHandler(Responder(answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = RawServer(channel, accepted)
    let result: Result<Value, any Error>
    do { result = .success(try await body(server)) } catch { result = .failure(error) }
    try await channel.close()
    return try result.get()
  }

  private init(_ channel: any Channel, _ accepted: Accepted) {
    self.channel = channel
    self.accepted = accepted
    port = channel.localAddress?.port ?? 0
  }

  /// Answers once for each head of a request; a small body may come with it and is not read.
  private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: Answer
    private var seen: [UInt8] = []

    init(_ answer: Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      seen += unwrapInboundIn(data).readableBytesView
      guard String(decoding: seen, as: UTF8.self).contains("\r\n\r\n") else { return }
      // A body that comes by itself belongs to the head before it.
      seen = seen.starts(with: Array("POST".utf8)) ? Array("sent".utf8) : []
      switch answer {
      case .silence: return
      case .bytes(let bytes):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      case .drip(let head):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: head)), promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleRepeatedTask(
          initialDelay: .milliseconds(20), delay: .milliseconds(20)
        ) { task in
          guard channel.isActive else { return task.cancel() }
          channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
        }
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
