// The confined helper: one document in, one verdict out as JSON, then it ends. With a socket as
// descriptor 0 it is started ahead of time: it loads the trust bundle, closes its doors and waits
// for the one message that carries the document.
//
// Exit codes: 0 an answer was given (whatever it is), 64 bad usage, 71 the limits could not be
// set, 78 the trust bundle cannot be used.
internal import Glibc
internal import SignedDocuments

private func complain(_ text: String) {
  let line = Array(("anjungan-verify: " + text + "\n").utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
}

private func line(_ report: DocumentReport) -> [UInt8] {
  Array((ReportJSON.text(report, confinement: unsafe Confinement.kind) + "\n").utf8)
}

private func answer(_ line: [UInt8]) -> Bool {
  var sent = 0
  while sent < line.count {
    let count = unsafe line.withUnsafeBytes { buffer in
      unsafe write(1, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
    }
    if count < 0 {
      if errno == EINTR { continue }
      return false
    }
    sent += count
  }
  return true
}

private func run() -> Int32 {
  let options: Options
  do {
    options = try Options(Array(CommandLine.arguments.dropFirst()))
  } catch {
    complain((error as? Options.Problem)?.text ?? "bad usage")
    return 64
  }
  if !options.program.isEmpty {
    let code = Confinement.execute(options.program)
    complain("cannot run the program: errno \(errno)")
    return code
  }
  guard Confinement.limitResources() else { return 71 }
  DocumentVerification.prepare()
  let trust = TrustBundle(options)
  for problem in trust.faults + trust.unreadableLists { complain(problem) }
  switch options.task {
  case .verify: break
  case .judgeList, .showTrust:
    let text =
      options.task == .showTrust
      ? describe(trust) : judgeList(options, trust, options.time ?? Int64(time(nil)))
    return answer(Array((text + "\n").utf8)) ? 0 : 74
  }
  guard trust.faults.isEmpty else { return 78 }
  let policy = trust.policy
  Confinement.closeDoors()
  // Written beforehand: when it is needed there may be no memory for it.
  let refusal = line(DocumentReport(verdict: .refuse, reason: "limits"))
  AllocationLimit.hold { _exit(answer(refusal) ? 0 : 74) }
  if Files.isSocket(options.descriptor) { DocumentVerification.rehearse(with: trust.store) }

  let input = DocumentInput.read(options.descriptor, limit: policy.bytesLimit)
  // The time counts from the arrival of the document, however long this process waited for it.
  let verification = DocumentVerification(
    trust: trust.store, policy: policy, now: options.time ?? Int64(time(nil)))
  let report: DocumentReport
  switch input {
  case .nobody: return 0
  case .unreadable: report = DocumentReport(verdict: .refuse, reason: "unreadable")
  case .bytes(let bytes): report = verification.verify(bytes)
  case .mapped(let memory): report = unsafe verification.verify(memory)
  }
  return answer(line(report)) ? 0 : 74
}

// Nothing is left to be put in order: the kernel takes it all back at once.
_exit(run())
