import Glibc
import KioskConfiguration
import TestSupport
import Testing

@Suite struct SecretFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ text: String, mode: mode_t = 0o600) -> String {
    let path = folder.path + "/key"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
    _ = write(file, text, text.utf8.count)
    fchmod(file, mode)
    close(file)
    return path
  }

  @Test("64 hexadecimal digits are a key of 32 bytes, with or without a line end")
  func key() throws {
    let digits = String(repeating: "0aF1", count: 16)
    let key = try SecretFile.key(at: file(digits + "\n"))
    #expect(key.count == 32)
    #expect(key.prefix(2) == [0x0A, 0xF1])
  }

  @Test("a key of another length or alphabet is refused, and never shown")
  func badKeys() {
    for text in ["", "zz", String(repeating: "g", count: 64), String(repeating: "a", count: 63)] {
      let path = file(text)
      do {
        _ = try SecretFile.key(at: path)
        Issue.record("accepted a bad key")
      } catch {
        #expect(text.isEmpty || !error.description.contains(text))
        #expect(!error.advice.isEmpty)
      }
    }
  }

  @Test("a secret that others may read is refused")
  func rights() {
    let path = file(String(repeating: "a", count: 64), mode: 0o644)
    #expect(throws: SecretFileProblem.self) { try SecretFile.key(at: path) }
  }

  @Test("a key that is made is whole, its owner's alone, and never replaces another")
  func makeKey() throws {
    let path = folder.path + "/new"
    try SecretFile.makeKey(at: path)
    let key = try SecretFile.key(at: path)
    #expect(Set(key).count > 8)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    try SecretFile.makeKey(at: path)
    #expect(try SecretFile.key(at: path) == key)
    #expect(throws: SecretFileProblem.self) {
      try SecretFile.makeKey(at: folder.path + "/none/key")
    }
    #expect(throws: SecretFileProblem.self) { try SecretFile.makeKey(at: "credential:store") }
  }

  @Test("a credential is read from systemd's folder, also where an access list lets its user in")
  func credential() throws {
    let path = file(String(repeating: "a", count: 64), mode: 0o440)
    #expect(!SecretFile.exists("credential:key"))
    #expect(throws: SecretFileProblem.self) { try SecretFile.key(at: "credential:key") }
    setenv("CREDENTIALS_DIRECTORY", folder.path, 1)
    defer { unsetenv("CREDENTIALS_DIRECTORY") }
    #expect(SecretFile.exists("credential:key"))
    #expect(try SecretFile.key(at: "credential:key").count == 32)
    // As a plain file the group's right to read is somebody else's.
    #expect(throws: SecretFileProblem.self) { try SecretFile.key(at: path) }
    chmod(path, 0o444)
    #expect(throws: SecretFileProblem.self) { try SecretFile.key(at: "credential:key") }
  }

  @Test("a folder, a missing file and an endless one are refused")
  func noFile() {
    #expect(throws: SecretFileProblem.self) { try SecretFile.text(at: folder.path) }
    #expect(throws: SecretFileProblem.self) { try SecretFile.text(at: folder.path + "/none") }
    #expect(throws: SecretFileProblem.self) {
      try SecretFile.text(at: file(String(repeating: "a", count: 5000)))
    }
  }
}
