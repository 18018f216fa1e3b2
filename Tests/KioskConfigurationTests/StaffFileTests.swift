import Foundation
import KioskConfiguration
import Testing

@Suite("The file of staff PINs")
struct StaffFileTests {
  @Test("Members come back as they were written, and only their owner can read them")
  func comesBack() throws {
    let folder = try TestFolder()
    let path = folder.path + "/staff"
    var file = try StaffFile.read(path)
    #expect(file.members.isEmpty)
    for (name, hash) in [("petugas-1", "a"), ("petugas-2", "b"), ("petugas-1", "c")] {
      let hasRoom = file.set(.init(name: name, hash: "scrypt$" + hash))
      #expect(hasRoom)
    }
    try file.write(path)
    #expect(
      try StaffFile.read(path).members == [
        .init(name: "petugas-2", hash: "scrypt$b"), .init(name: "petugas-1", hash: "scrypt$c"),
      ])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: SecretFileProblem.self) { try StaffFile.read(path) }
  }

  @Test("Anything but names with hashes is refused", arguments: ["x", "Nama a", "a b c", "a-ñ b"])
  func mangled(text: String) throws {
    let folder = try TestFolder()
    try folder.write(text, to: "staff")
    let path = folder.path + "/staff"
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(throws: SecretFileProblem.self) { try StaffFile.read(path) }
  }

  @Test("There is room for sixteen")
  func room() throws {
    var file = try StaffFile.read(try TestFolder().path + "/none")
    let taken = (0..<18).map { file.set(.init(name: "p\($0)", hash: "h")) }
    #expect(taken == (0..<18).map { $0 < 16 })
    let removed = [file.remove("p3"), file.remove("p3")]
    #expect(removed == [true, false])
    let hasRoom = file.set(.init(name: "p16", hash: "h"))
    #expect(hasRoom)
  }
}
