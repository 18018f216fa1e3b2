import OfficeModel

/// A service file: one service standard in its office's words.
enum ServiceReading {
  private typealias Limit = ServiceStandard.Limit
  static let servicesLimit = Limit.services
  static let requirementLimit = Limit.requirement
  static let lineLimit = Limit.line
  static let linesLimit = Limit.lines

  /// `standard: none` says that the office has published no standard for the service.
  private enum Standard: String, CaseIterable { case published, none }

  static func read(_ section: Section) -> ServiceStandard {
    let id = section.identifier("id")
    let title = section.text("title", upTo: Limit.title)
    let short = shortTitle(section)
    let series = series(section)
    let identity =
      section.choice("ticketIdentity", TicketIdentity.self, default: TicketIdentity.none) ?? .none
    let quota = section.optionalSection("quota", quota)
    let product = section.text("product", upTo: Limit.product)
    let standard = section.choice("standard", Standard.self, default: .published) ?? .published
    if standard == .none {
      // Nothing else is asked for, so a fee or a time limit here is an unknown key: what has not
      // been published is not made up.
      let notice = section.text("notice", upTo: Limit.notice)
      var service = ServiceStandard(
        id: id, title: title, shortTitle: short, series: series, ticketIdentity: identity,
        requirements: [], timeLimit: TimeLimit(amount: 0, unit: .minutes, text: notice),
        fee: "", product: product, notice: notice)
      service.quota = quota
      return service
    }
    let parts = procedure(section)
    var service = ServiceStandard(
      id: id, title: title, shortTitle: short, series: series, ticketIdentity: identity,
      requirements: requirements(section), procedure: parts.flatMap(\.steps),
      timeLimit: section.section("timeLimit", required: true, timeLimit),
      fee: section.text("fee", upTo: Limit.fee), product: product)
    service.procedureParts = parts
    service.quota = quota
    fill(&service, section)
    return service
  }

  /// The components that are plain lists of lines.
  private static func fill(_ service: inout ServiceStandard, _ section: Section) {
    func lines(_ key: String) -> [String] {
      section.texts(key, upTo: lineLimit, entries: linesLimit)
    }
    service.document = lines("document")
    service.procedureFlow = lines("procedureFlow")
    service.pickUpChannels = lines("pickUpChannels")
    service.complaintChannels = lines("complaintChannels")
    service.complaintHandling = lines("complaintHandling")
    service.complaintContact = lines("complaintContact")
    service.serviceHours = lines("serviceHours")
    service.legalBasis = lines("legalBasis")
    service.facilities = lines("facilities")
    service.competence = lines("competence")
    service.internalSupervision = lines("internalSupervision")
    service.staffing = lines("staffing")
    service.guarantees = lines("guarantees")
    service.safety = lines("safety")
    service.evaluation = lines("evaluation")
  }

  private static func shortTitle(_ section: Section) -> String {
    let text = section.text("shortTitle", upTo: Limit.shortTitle)
    if text.split(separator: " ").count > Limit.shortTitleWords {
      section.problem(section.place(of: "shortTitle"), "shortTitle has at most three words")
    }
    return text
  }

  private static func series(_ section: Section) -> String {
    let text = section.text("series", upTo: Limit.series)
    if section.isWritten("series"),
      !text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    {
      section.problem(section.place(of: "series"), "series is one to three capital letters")
    }
    return text
  }

  /// Numbers that the service gives on a day and in its halves.
  private static func quota(_ section: Section) -> ServiceQuota? {
    var quota = ServiceQuota(
      day: section.optionalInteger("day", in: Limit.quota),
      morning: section.optionalInteger("morning", in: Limit.quota),
      afternoon: section.optionalInteger("afternoon", in: Limit.quota))
    let noon = section.text("afternoonFrom", upTo: 5, default: "12.00")
    if let minute = HoursReading.minutes(noon), (1..<1440).contains(minute) {
      quota.afternoonFrom = minute
    } else {
      section.problem(
        section.place(of: "afternoonFrom"), "quota.afternoonFrom is a time of day such as 12.00")
    }
    return quota
  }

  private static func timeLimit(_ section: Section) -> TimeLimit {
    TimeLimit(
      amount: section.integer("amount", in: 1...366 * 2),
      unit: section.choice("unit", TimeLimit.Unit.self) ?? .days,
      text: section.text("text", upTo: requirementLimit))
  }

  private static func requirements(_ section: Section) -> [RequirementGroup] {
    section.list("requirements", required: true, upTo: Limit.requirementGroups).enumerated().map {
      index, item in
      let group = Section(item, path: "requirements[\(index + 1)]", context: section.context)
      defer { group.finish() }
      return RequirementGroup(
        condition: group.optionalText("condition", upTo: requirementLimit),
        items: group.texts(
          "items", upTo: requirementLimit, entries: Limit.requirements, required: true))
    }
  }

  /// Steps as plain lines, or parts with a title and steps of their own.
  private static func procedure(_ section: Section) -> [ProcedurePart] {
    var parts: [ProcedurePart] = []
    for (index, item) in section.list("procedure", upTo: linesLimit).enumerated() {
      let name = "procedure[\(index + 1)]"
      switch item.value {
      case .text(let text, _):
        section.checkText(text, at: item.place, name: name, upTo: lineLimit)
        if parts.last?.title == nil, !parts.isEmpty {
          parts[parts.count - 1].steps.append(text)
        } else {
          parts.append(ProcedurePart(steps: [text]))
        }
      case .table:
        let part = Section(item, path: name, context: section.context)
        parts.append(
          ProcedurePart(
            title: part.text("title", upTo: requirementLimit),
            steps: part.texts("steps", upTo: lineLimit, entries: linesLimit, required: true)))
        part.finish()
      case .list:
        section.problem(item.place, "\(name) is a line of text or a part with title and steps")
      }
    }
    return parts
  }
}
