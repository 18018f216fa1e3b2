import Foundation
import TestSupport
import Testing

/// The built program, as a person calls it.
@Suite("anjungan verify and anjungan trust")
struct ProgramTests {
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan").path
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures").path
  private static let corpus = fixtures + "/tte-corpus"
  private static let trust = [
    "--trust", corpus + "/trust", "--crl", corpus + "/crl/fresh", "--at", "2026-11-20T12:00:00Z",
  ]

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  private static func document(_ name: String) -> String { corpus + "/cases/\(name).pdf" }

  /// Lines of both streams, and the exit code.
  private func run(
    _ arguments: [String], language: String = "C"
  ) async throws -> (lines: [String], code: String) {
    let script = "export LC_ALL=\(language); \"$0\" \"$@\" 2>&1; echo \"exit $?\""
    let text = try await LabProgram.output(
      of: "/bin/sh", ["-c", script, Self.program] + arguments)
    var lines = text.split(separator: "\n").map(String.init)
    let code = lines.popLast() ?? ""
    return (lines, code)
  }

  @Test("a valid document names its signers and exits 0")
  func valid() async throws {
    let (lines, code) = try await run(["verify", Self.document("v-two-lt")] + Self.trust)
    #expect(code == "exit 0")
    #expect(
      lines == [
        Self.document("v-two-lt") + ": valid, 48886 bytes, signed by Made Rekaan, S.H., "
          + "Pemerintah Kabupaten Uji Coba [B-LT]; Drs. Ujang Contoh, M.Si., "
          + "Pemerintah Kabupaten Uji Coba [B-LT]"
      ])
  }

  @Test("each other verdict comes with its code and a sentence, in the language asked for")
  func sentences() async throws {
    let names = ["isa-content", "untrusted-psre-same-root", "unsigned-kk"]
    for (language, sentences) in [
      (
        "en_GB.UTF-8",
        [
          "invalid (modified_after_signing) The document was changed after it was signed.",
          "untrusted (issuer_not_pinned) The certificate's issuer is none that may certify signers.",
          "refuse (no_signature) There is no electronic signature of a person.",
        ]
      ),
      (
        "id_ID.UTF-8",
        [
          "invalid (modified_after_signing) Isi dokumen berubah setelah ditandatangani.",
          "untrusted (issuer_not_pinned) Penerbit sertifikat bukan penerbit yang diizinkan.",
          "refuse (no_signature) Tidak ada tanda tangan elektronik seseorang.",
        ]
      ),
    ] {
      let (lines, code) = try await run(
        ["verify"] + names.map(Self.document) + Self.trust, language: language)
      #expect(code == "exit 1")
      #expect(lines == zip(names, sentences).map { Self.document($0) + ": " + $1 })
    }
  }

  @Test("JSON has codes and no sentences, an object a line")
  func json() async throws {
    let (lines, code) = try await run(
      ["verify", Self.document("v-pss"), Self.document("isa-content"), "--json"] + Self.trust)
    #expect(code == "exit 1")
    #expect(lines.count == 2)
    struct Answer: Decodable {
      let verdict: String
      let reason: String
      let printBytes: Int
    }
    let answers = try lines.map { try Self.decoder.decode(Answer.self, from: Data($0.utf8)) }
    #expect(answers.map(\.verdict) == ["valid", "invalid"])
    #expect(answers.map(\.reason) == ["ok", "modified_after_signing"])
    #expect(answers[0].printBytes == 21_485)
  }

  @Test("a policy file counts, and its wrong line is named")
  func policy() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/policy"
    try Data("# of this office\nallowed_unit = Rekaan | Lain\n".utf8)
      .write(to: URL(filePath: file))
    let arguments = ["verify", Self.document("v-pss"), "--policy", file] + Self.trust
    let (lines, code) = try await run(arguments)
    #expect(code == "exit 1")
    #expect(lines.first?.contains("untrusted (signer_not_allowed)") == true)
    try Data("# of this office\nallowed_units = Rekaan | Lain\n".utf8)
      .write(to: URL(filePath: file))
    let (wrong, wrongCode) = try await run(arguments)
    #expect(wrongCode == "exit 2")
    #expect(wrong.contains("--policy:2: there is no key 'allowed_units'"))
  }

  @Test("a list that cannot be read is named beside the document that misses it")
  func unreadableList() async throws {
    let folder = try TemporaryFolder()
    try Data("no list".utf8).write(to: URL(filePath: folder.path + "/broken.crl"))
    let (lines, code) = try await run([
      "verify", Self.document("v-bb-rsa2048"), "--trust", Self.corpus + "/trust", "--crl",
      folder.path, "--at", "2026-11-20T12:00:00Z",
    ])
    #expect(code == "exit 1")
    #expect(lines.contains { $0.contains("untrusted (revocation_unknown)") }, "\(lines)")
    #expect(lines.contains { $0.contains("no revocation list in") && $0.contains("broken.crl") })
    // Also beside one that brings its own evidence.
    let (valid, validCode) = try await run([
      "verify", Self.document("v-blt-crl"), "--trust", Self.corpus + "/trust", "--crl",
      folder.path, "--at", "2026-11-20T12:00:00Z",
    ])
    #expect(validCode == "exit 0")
    #expect(valid.contains { $0.contains("no revocation list in") }, "\(valid)")
  }

  @Test("output that cannot be written ends the program with 2")
  func fullOutput() async throws {
    let text = try await LabProgram.output(
      of: "/bin/sh",
      ["-c", "\"$0\" \"$@\" 2>&1 >/dev/full; echo \"exit $?\"", Self.program, "verify"]
        + [Self.document("v-pss")] + Self.trust)
    #expect(text.contains("cannot be written"))
    #expect(text.hasSuffix("exit 2\n"))
  }

  @Test("a list that is brought under a strict umask is still there for the kiosk to read")
  func umask() async throws {
    let folder = try TemporaryFolder()
    for part in ["roots", "issuers"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + part, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: Self.fixtures + "/list-cases/authority.pem",
        toPath: folder.path + "/" + part + "/authority.pem")
    }
    let script = """
      umask 077; mkfifo "$2/fifo"
      "$0" trust add-crl "$1" --trust "$2" >&2; echo $?
      "$0" trust add-crl "$2/fifo" --trust "$2" 2>&1; echo $?
      stat -c %a "$2"/crl "$2"/crl/*.crl
      """
    let text = try await LabProgram.output(
      of: "/bin/sh",
      ["-c", script, Self.program, Self.fixtures + "/list-cases/number-5.crl", folder.path])
    let fifo = "\(folder.path)/fifo: cannot be read, or is larger than 16 MiB"
    #expect(text == "0\n\(fifo)\n2\n755\n644\n")
  }

  @Test(
    "a call that is wrong ends with 2 and a word on it",
    arguments: [
      (["verify", "x.pdf"], "--trust DIR"), (["verify", "--trust", "/"], "FILE"),
      (["verify", "x.pdf", "--trust", "/nonexistent"], "/nonexistent: no such folder"),
      (["verify", "x.pdf", "--trust", "/", "--at", "now"], "--at takes a time"),
      (["verify", "x.pdf", "--trust", "/", "--policy", "/nonexistent"], "--policy"),
      (["verify", "--manifest", "/nonexistent"], "cannot read /nonexistent"),
      (["verify", "--manifest", "m.json", "x.pdf"], "--manifest brings its own"),
      (["verify", "--manifest", "m.json", "--jobs", "0"], "--jobs takes 1 to 64"),
      (["verify", "x.pdf", "--trust", "/", "--jobs", "2"], "--jobs goes with --manifest"),
    ])
  func badUsage(_ arguments: [String], _ word: String) async throws {
    let (lines, code) = try await run(arguments)
    #expect(code == "exit 2")
    #expect(lines.contains { $0.contains(word) }, "\(lines)")
  }

  @Test("a whole corpus: an object a line, the count at the end, exit 1 when a case fails")
  func manifest() async throws {
    let (lines, code) = try await run(
      ["verify", "--manifest", Self.corpus + "/manifest.json", "--jobs", "2"])
    #expect(lines.last == "246 passed, 0 failed")
    #expect(code == "exit 0")
    #expect(lines.count == 247)
    struct Line: Decodable {
      let name: String
      let verdict: String
      let reason: String
      let printBytes: Int
      let ms: Double
    }
    let cases = try lines.dropLast().map {
      try Self.decoder.decode(Line.self, from: Data($0.utf8))
    }
    #expect(Set(cases.map(\.name)).count == 246)

    // A forged document that somebody lists as genuine fails the run.
    let folder = try TemporaryFolder()
    for part in ["trust", "crl", "cases"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + part, withDestinationPath: Self.corpus + "/" + part)
    }
    let context = """
      {"validation_time":"2026-11-20T12:00:00Z","trust_roots":["trust/roots/root-uji-g1.pem"],
       "pinned_issuers":["trust/issuers/bsre-ca-uji-g1.pem"],"crl_dir":"crl/fresh"}
      """
    let one = """
      {"name":"forged","file":"cases/isa-content.pdf","context":"a","acceptable":["valid"]}
      """
    try Data("{\"contexts\":{\"a\":\(context)},\"cases\":[\(one)]}".utf8)
      .write(to: URL(filePath: folder.path + "/manifest.json"))
    let (failed, failedCode) = try await run(
      ["verify", "--manifest", folder.path + "/manifest.json"])
    #expect(failed.last == "0 passed, 1 failed")
    #expect(failedCode == "exit 1")
  }

  @Test("lists are brought, shown, and refused with a reason")
  func trustFolder() async throws {
    let folder = try TemporaryFolder()
    for part in ["roots", "issuers"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + part, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: Self.fixtures + "/list-cases/authority.pem",
        toPath: folder.path + "/" + part + "/authority.pem")
    }
    func list(_ name: String) -> String { Self.fixtures + "/list-cases/\(name).crl" }
    let place = ["--trust", folder.path]

    let (none, noneCode) = try await run(["trust", "show"] + place)
    #expect(noneCode == "exit 0")
    #expect(none.contains("  [look] no revocation list of CA Daftar UJI, Balai Daftar Rekaan"))
    let (added, addedCode) = try await run(
      ["trust", "add-crl", list("number-5"), list("number-6")] + place)
    #expect(addedCode == "exit 0")
    #expect(added.count == 2)
    #expect(added.allSatisfy { $0.contains(": taken as " + folder.path + "/crl/") }, "\(added)")
    let (older, olderCode) = try await run(["trust", "add-crl", list("number-5")] + place)
    #expect(olderCode == "exit 1")
    #expect(older.first?.contains("refused (list_older) The list is older") == true, "\(older)")
    let (gone, goneCode) = try await run(["trust", "add-crl", "/nonexistent"] + place)
    #expect(goneCode == "exit 2")
    #expect(gone.first?.contains("cannot be read") == true)
    let (shown, _) = try await run(["trust", "show"] + place)
    let line = "CA Daftar UJI, Balai Daftar Rekaan, number 6, issued 2026-11-11, next by 2026-12-11"
    #expect(shown.contains { $0.contains(line) }, "\(shown)")
    #expect(shown.contains { $0.contains("SHA-256 ") && $0.split(separator: ":").count == 32 })

    try Data("no certificate".utf8).write(
      to: URL(filePath: folder.path + "/roots/broken.pem"))
    let (broken, brokenCode) = try await run(["trust", "show"] + place)
    #expect(brokenCode == "exit 1")
    #expect(broken.contains { $0.contains("no certificate in") && $0.contains("broken.pem") })
  }
}
