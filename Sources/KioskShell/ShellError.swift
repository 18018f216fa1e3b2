internal import CSDL

/// A call into SDL that failed, with SDL's own words; never carries what was drawn or typed.
public struct ShellError: Error, CustomStringConvertible {
  public let call: String
  public let message: String
  public var description: String { "\(call): \(message)" }

  public init(call: String, message: String) {
    self.call = call
    self.message = message
  }

  /// The error SDL remembers for this thread.
  static func sdl(_ call: String) -> ShellError {
    ShellError(call: call, message: unsafe String(cString: SDL_GetError()))
  }
}
