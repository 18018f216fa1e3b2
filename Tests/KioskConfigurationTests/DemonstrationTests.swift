import Foundation
import KioskConfiguration
import OfficeModel
import Testing

@Suite("The demonstration's people and the office's services")
struct DemonstrationTests {
  @Test("every service that a demonstration citizen applied for is one of Tabalong's")
  func services() throws {
    let settings = try KioskConfiguration.load(
      path: Project.path("kiosk-config/offices/tabalong")
    ).settings
    let known = Set(settings.services.map(\.id))
    let lines = try Project.text("kiosk-config/demonstration/citizens.yaml")
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("service:") }
    #expect(!lines.isEmpty)
    for line in lines {
      let id = line.dropFirst("service:".count).trimmingCharacters(in: .whitespaces)
      #expect(known.contains(id), "\(id)")
    }
  }
}
