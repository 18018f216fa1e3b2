internal import Glibc

/// The staff who may sign in at the glass: a line for each, `NAME HASH`, where the hash is slow and
/// salted. Readable by its owner alone.
public struct StaffFile: Sendable, Equatable {
  /// A file of that many fits a secret file, and more people than that share no kiosk.
  public static let staffLimit = 16

  public struct Member: Sendable, Equatable {
    public var name: String
    /// As `SlowHash` writes it.
    public var hash: String
    public init(name: String, hash: String) {
      self.name = name
      self.hash = hash
    }
  }

  public private(set) var members: [Member]

  /// - Returns: No members where there is no file yet.
  public static func read(_ path: String) throws(SecretFileProblem) -> StaffFile {
    if access(path, F_OK) != 0, errno == ENOENT { return StaffFile(members: []) }
    var members: [Member] = []
    for line in try SecretFile.text(at: path).split(separator: "\n") {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, isName(parts[0]), members.count < staffLimit else {
        throw SecretFileProblem(
          "\(path) is no list of staff", advice: "Make it with: anjungan staff add",
          indonesian: "Buat dengan: anjungan staff add")
      }
      members.append(Member(name: String(parts[0]), hash: String(parts[1])))
    }
    return StaffFile(members: members)
  }

  /// What stands in the audit log: a role or initials, small letters, digits and hyphens.
  public static func isName(_ name: some StringProtocol) -> Bool {
    (1...24).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  /// False when there is no room.
  public mutating func set(_ member: Member) -> Bool {
    members.removeAll { $0.name == member.name }
    guard members.count < Self.staffLimit else { return false }
    members.append(member)
    return true
  }

  /// False when there is no such member.
  public mutating func remove(_ name: String) -> Bool {
    let count = members.count
    members.removeAll { $0.name == name }
    return members.count < count
  }

  /// Writes a new file beside the old one and puts it in its place.
  public func write(_ path: String) throws(SecretFileProblem) {
    func fail(_ call: String) -> SecretFileProblem {
      SecretFileProblem(
        "\(path) cannot be written (\(call): errno \(errno))",
        advice: "Its folder must belong to you and have room.",
        indonesian: "Foldernya harus milik Anda dan punya ruang.")
    }
    let new = path + ".new"
    unlink(new)
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fail("open") }
    defer { close(file) }
    let bytes = Array(members.map { "\($0.name) \($0.hash)\n" }.joined().utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw fail("write") }
    guard fsync(file) == 0 else { throw fail("fsync") }
    guard rename(new, path) == 0 else { throw fail("rename") }
    // Or after a power cut the old file is back, with the PIN of somebody who was taken out.
    guard SecretFile.synchroniseFolder(of: path) else { throw fail("fsync") }
  }
}
