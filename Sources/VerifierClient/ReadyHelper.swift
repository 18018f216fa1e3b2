internal import CHandover
internal import Glibc
internal import Synchronization

/// A helper that was started and waits for its one document.
struct WaitingHelper: ~Copyable {
  /// Of the files it loaded, taken before it was started.
  let marks: TrustMarks
  private var child: RunningChild
  private let socket: Int32

  init(helper: String, settings: DocumentVerifier.Settings) throws(RunningChild.NotStarted) {
    marks = TrustMarks(helper: helper, settings: settings)
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_socket_pair(&ends) == 0 else {
      throw RunningChild.NotStarted(code: errno)
    }
    defer { close(ends[1]) }
    do throws(RunningChild.NotStarted) {
      child = try RunningChild(path: helper, arguments: settings.arguments, input: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    socket = ends[0]
  }

  /// The child sees the end of the conversation and ends, whatever becomes of this process.
  deinit { close(socket) }

  var process: pid_t { child.process }

  /// False when it is gone: then nobody has seen the document.
  func handOver(_ document: Int32) -> Bool { clinux_send_file(socket, document) == 0 }

  mutating func collect(within limit: Duration) -> (ChildProcess.Ending, [UInt8]) {
    var answer: [UInt8] = []
    let ending = unsafe child.collect(
      within: limit, outputLimitBytes: HelperAnswer.bytesLimit
    ) { piece in
      unsafe answer.append(contentsOf: piece)
      return true
    }
    return (ending, answer)
  }
}

/// Keeps one helper waiting, so that a document does not wait for a process to start.
final class ReadyHelper: Sendable {
  let helper: String
  let settings: DocumentVerifier.Settings
  private let waiting = Mutex<WaitingHelper?>(nil)

  init(helper: String, settings: DocumentVerifier.Settings) {
    self.helper = helper
    self.settings = settings
  }

  /// Has a document judged, by the helper that waits when its trust is what the files say now, by
  /// a new one otherwise. Blocks.
  /// - Parameters:
  ///   - document: a sealed memory file; stays the caller's.
  ///   - limit: counts from handing over.
  func judge(_ document: Int32, within limit: Duration) -> (ChildProcess.Ending, [UInt8]) {
    if var waiting = take(), waiting.handOver(document) { return waiting.collect(within: limit) }
    do throws(RunningChild.NotStarted) {
      var fresh = try WaitingHelper(helper: helper, settings: settings)
      // One that is gone already tells by its ending why.
      _ = fresh.handOver(document)
      return fresh.collect(within: limit)
    } catch {
      return (.notStarted(error.code), [])
    }
  }

  /// Starts the next one when none waits. A start that fails is tried again with the next document.
  func replenish() {
    waiting.withLock { waiting in
      if waiting == nil { waiting = try? WaitingHelper(helper: helper, settings: settings) }
    }
  }

  /// The process that waits, for who wants to see it.
  var waitingProcess: pid_t? { waiting.withLock { $0?.process } }

  private func take() -> WaitingHelper? {
    let taken = waiting.withLock { $0.take() }
    guard let taken, taken.marks == TrustMarks(helper: helper, settings: settings) else {
      return nil
    }
    return taken
  }
}
