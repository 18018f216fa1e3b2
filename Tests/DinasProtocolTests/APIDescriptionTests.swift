import DinasProtocol
import Foundation
import OfficeModel
import Testing
import Yams

@Suite("The OpenAPI description and the types say the same")
struct APIDescriptionTests {
  typealias Object = [String: Any]
  let description: Object

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation/dinas-api.yaml")
    description = try #require(
      try Yams.load(yaml: String(contentsOf: file, encoding: .utf8)) as? Object)
  }

  /// Every example of a body, with the name of the operation it belongs to.
  func examples(_ operation: Object, in part: String) throws -> [(schema: String, json: [UInt8])] {
    var found: [(String, [UInt8])] = []
    func collect(_ content: Any?) throws {
      for (_, media) in content as? Object ?? [:] {
        guard let media = media as? Object, let examples = media["examples"] as? Object else {
          continue
        }
        let reference = try #require((media["schema"] as? Object)?["$ref"] as? String)
        for (_, example) in examples {
          let value = try #require((example as? Object)?["value"])
          found.append(
            (
              String(reference.split(separator: "/").last ?? ""),
              Array(try JSONSerialization.data(withJSONObject: value))
            ))
        }
      }
    }
    if part == "requestBody" {
      try collect((operation["requestBody"] as? Object)?["content"])
    } else {
      for (_, response) in operation["responses"] as? Object ?? [:] {
        try collect((response as? Object)?["content"])
      }
    }
    return found
  }

  @Test("every example is accepted by the type that reads it")
  func examplesDecode() throws {
    var seen: Set<String> = []
    let paths = try #require(description["paths"] as? Object)
    for (_, item) in paths {
      for (_, operation) in try #require(item as? Object) {
        let operation = try #require(operation as? Object)
        for part in ["requestBody", "responses"] {
          for (schema, json) in try examples(operation, in: part) {
            seen.insert(schema)
            switch schema {
            case "Pong": _ = try Wire.decode(Pong.self, from: json)
            case "Changes": _ = try Wire.decode(ChangesBody.self, from: json)
            case "CredentialCheck": _ = try Wire.decode(CredentialCheck.self, from: json)
            case "LeaseRequest": _ = try Wire.decode(LeaseRequest.self, from: json)
            case "LeaseAnswer": _ = try Wire.decode(LeaseAnswer.self, from: json)
            case "CredentialAnswer": _ = try Wire.decode(CredentialAnswer.self, from: json)
            case "Ticket": _ = try Wire.decode(TicketReport.self, from: json)
            case "TicketRequest": _ = try Wire.decode(TicketRequest.self, from: json)
            case "TicketAnswer": _ = try Wire.decode(TicketAnswer.self, from: json)
            case "TicketVoid": _ = try Wire.decode(TicketVoid.self, from: json)
            case "VoidReceipt": _ = try Wire.decode(VoidReceipt.self, from: json)
            case "TicketReceipt": _ = try Wire.decode(TicketReceipt.self, from: json)
            case "Event": _ = try Wire.decode(KioskReport.self, from: json)
            case "EventReceipt": _ = try Wire.decode(ReportReceipt.self, from: json)
            case "Problem": _ = try Wire.decode(Problem.self, from: json)
            default: Issue.record("no type reads \(schema)")
            }
          }
        }
      }
    }
    #expect(seen.count == 15)
  }

  @Test("enumerations are written out in full")
  func enumerations() throws {
    let schemas = try #require(
      (description["components"] as? Object)?["schemas"] as? Object)
    func values(_ schema: String, _ property: String) -> Set<String> {
      let properties = (schemas[schema] as? Object)?["properties"] as? Object
      return Set((properties?[property] as? Object)?["enum"] as? [String] ?? [])
    }
    #expect(values("ApplicationStatus", "step") == Set(ApplicationStep.allCases.map(\.rawValue)))
    #expect(
      values("ApplicationStatus", "condition")
        == Set(ApplicationCondition.allCases.map(\.rawValue)))
    #expect(values("ApplicationStatus", "pickUp") == Set(PickUp.allCases.map(\.rawValue)))
    #expect(
      values("TicketRefusal", "reason")
        == Set(TicketAnswer.Refused.Reason.allCases.map(\.rawValue)))
    #expect(
      values("TicketRequest", "identity") == Set(TicketIdentity.allCases.map(\.rawValue)))
    #expect(values("Ticket", "lane") == Set(Lane.allCases.map(\.rawValue)))
    #expect(values("Event", "kind") == Set(KioskReport.Kind.allCases.map(\.rawValue)))
    #expect(
      values("LeaseAnswer", "refusal") == Set(LeaseAnswer.Refusal.allCases.map(\.rawValue)))
    #expect(values("Event", "finding") == Set(PrintFinding.allCases.map(\.rawValue)))
    #expect(
      values("OfflineCredential", "kind") == Set(CredentialKind.allCases.map(\.rawValue)))
    #expect(values("Problem", "code") == Set(Problem.Code.allCases.map(\.rawValue)))
  }
}
