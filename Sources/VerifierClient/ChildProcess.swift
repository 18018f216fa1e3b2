/// A program that is given one open file as descriptor 0 and answers on descriptor 1, started
/// without a fork of ours. Every wait has an end; a child that is too slow or says too much is
/// killed.
struct ChildProcess {
  enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case tooMuchOutput
    /// The sink refused more.
    case stopped
    /// It never ran; errno.
    case notStarted(Int32)
  }

  let path: String
  let arguments: [String]
  let wallLimit: Duration
  let outputLimitBytes: Int

  /// Blocks until the child is gone: call it on a thread of your own.
  /// - Parameters:
  ///   - input: becomes descriptor 0; stays the caller's.
  ///   - sink: gets the output piece by piece; false ends the child. The pieces are wiped.
  func run(input: Int32, sink: (UnsafeRawBufferPointer) -> Bool) -> Ending {
    do throws(RunningChild.NotStarted) {
      var child = try RunningChild(path: path, arguments: arguments, input: input)
      return unsafe child.collect(
        within: wallLimit, outputLimitBytes: outputLimitBytes, sink: sink)
    } catch {
      return .notStarted(error.code)
    }
  }
}
