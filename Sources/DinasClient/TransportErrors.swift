internal import AsyncHTTPClient
internal import NIOCore
internal import NIOSSL
internal import Ports

extension DinasClient {
  /// What the libraries throw, as the port says it. Their texts may hold addresses, so only names
  /// of errors are taken over.
  static func portError(_ error: any Error, step: String) -> PortError {
    switch error {
    case let error as PortError: return error
    case is CancellationError: return PortError(.cancelled, step: step)
    case let error as HTTPClientError:
      switch error {
      case .cancelled: return PortError(.cancelled, step: step)
      case .connectTimeout:
        return PortError(.unreachable, step: step, detail: "no connection in time")
      case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
        return PortError(.timedOut, step: step, detail: "no whole answer in time")
      case .tlsHandshakeTimeout:
        return PortError(.unreachable, step: step, detail: "TLS: no handshake in time")
      case .remoteConnectionClosed, .bodyLengthMismatch, .uncleanShutdown:
        return PortError(.unreachable, step: step, detail: "the connection broke off")
      default: return PortError(.unreachable, step: step, detail: error.shortDescription)
      }
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      return PortError(.unreachable, step: step, detail: "TLS: the server was not accepted")
    case let error as IOError:
      return PortError(.unreachable, step: step, detail: "errno \(error.errnoCode)")
    case is ChannelError:
      return PortError(.unreachable, step: step, detail: "no connection")
    default:
      return PortError(.unreachable, step: step, detail: "no connection: \(type(of: error))")
    }
  }
}
