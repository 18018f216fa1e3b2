internal import DinasProtocol
internal import KioskConfiguration
internal import Ports

/// Looks a staff PIN up in the file that the configuration names. Read anew each time, so that a PIN
/// that was added or taken away counts at once.
enum StaffRegister {
  static func port(_ settings: StaffSettings) -> StaffPort {
    guard let path = settings.file else { return .nobody }
    return StaffPort { pin throws(PortError) in
      let members: [StaffFile.Member]
      do { members = try StaffFile.read(path).members } catch {
        throw PortError(.notFound, step: "staff PIN", detail: "the file cannot be read")
      }
      guard !members.isEmpty else { throw PortError(.notFound, step: "staff PIN") }
      var found: String?
      // All of them, whichever fits: the time does not tell who it was.
      for member in members {
        if let hash = try? SlowHash(member.hash), hash.matches(Array(pin.value.utf8)) {
          found = member.name
        }
        await Task.yield()
      }
      return found
    }
  }
}
