internal import Glibc

/// The crossings into libFuzzer's C interface.
enum LibFuzzer {
  @_silgen_name("LLVMFuzzerRunDriver")
  private static func runDriver(
    _ argc: UnsafeMutablePointer<CInt>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  @_silgen_name("LLVMFuzzerMutate")
  private static func mutate(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int) -> Int

  /// Runs until the arguments are satisfied; does not come back but for a mistake in them.
  static func run(_ arguments: [String]) -> Int32 {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    return pointers.withUnsafeMutableBufferPointer { buffer in
      var argc = CInt(arguments.count)
      guard var argv = buffer.baseAddress else { return 1 }
      return runDriver(&argc, &argv) { start, count in
        guard let start else { return 0 }
        // -1 keeps an input out of what further inputs are made of.
        let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
        return Session.current.execute(input) ? 0 : -1
      }
    }
  }

  /// libFuzzer's own mutation, which knows the dictionary and what comparisons looked for.
  static func mutate(_ bytes: [UInt8], growth: Int) -> [UInt8] {
    var memory = bytes + [UInt8](repeating: 0, count: max(growth, 1))
    let count = memory.withUnsafeMutableBufferPointer {
      mutate($0.baseAddress, bytes.count, $0.count)
    }
    return Array(memory.prefix(count))
  }
}

/// libFuzzer finds it by this name.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateForLibFuzzer(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
  let before = [UInt8](UnsafeBufferPointer(start: data, count: size))
  var random = Generator(seed: UInt64(seed))
  let after = Session.current.target.mutate(before, random: &random)
  let count = min(after.count, limit)
  _ = UnsafeMutableBufferPointer(start: data, count: limit).update(
    fromContentsOf: after.prefix(count))
  return count
}
