internal import CForge
internal import Glibc

@testable internal import SignedDocuments

/// `verifier-fuzz TARGET CORPUS seeds FOLDER` writes the target's seeds as files;
/// `verifier-fuzz TARGET CORPUS run ARGUMENT…` hands the arguments to libFuzzer;
/// CORPUS is one folder or several, separated by colons;
/// `verifier-fuzz targets` lists the targets. scripts/fuzz does all of it.
@main
struct Main {
  static let targets:
    [(name: String, make: @Sendable (Corpus) -> any Target, reachedMeans: String)] = [
      ("cms", { MessageTarget($0) }, MessageTarget.reachedMeans),
      ("timestamp", { TimeStampTarget($0) }, TimeStampTarget.reachedMeans),
      ("crl", { ListTarget($0) }, ListTarget.reachedMeans),
      ("ocsp", { AnswerTarget($0) }, AnswerTarget.reachedMeans),
      ("revisions", { RevisionTarget($0) }, RevisionTarget.reachedMeans),
      ("document", { DocumentTarget($0) }, DocumentTarget.reachedMeans),
    ]

  static func main() {
    let arguments = CommandLine.arguments
    if arguments.dropFirst().first == "targets" {
      for target in targets { print("\(target.name): \(target.reachedMeans)") }
      return
    }
    forge_keeps_allocations(1)
    guard arguments.count >= 4, let chosen = targets.first(where: { $0.name == arguments[1] })
    else {
      complain("usage: verifier-fuzz TARGET CORPUS seeds FOLDER | run ARGUMENT…")
      exit(64)
    }
    guard let corpus = try? Corpus(folders: arguments[2].split(separator: ":").map(String.init))
    else {
      complain("a corpus cannot be read: \(arguments[2])")
      exit(66)
    }
    DocumentVerification.prepare()
    let target = chosen.make(corpus)
    forge_keeps_allocations(0)
    switch (arguments[3], arguments.count) {
    case ("seeds", 5): write(target.seeds, to: arguments[4])
    case ("run", _):
      Session.current = Session(target)
      atexit { Session.current.printCounters() }
      exit(LibFuzzer.run([arguments[0]] + arguments.dropFirst(4)))
    default: exit(64)
    }
  }

  private static func write(_ seeds: [[UInt8]], to folder: String) {
    for (index, seed) in seeds.enumerated() {
      guard let file = fopen("\(folder)/seed-\(index)", "w") else { exit(73) }
      let written = fwrite(seed, 1, seed.count, file)
      guard fclose(file) == 0, written == seed.count else { exit(74) }
    }
    print("\(seeds.count) seeds")
  }
}
