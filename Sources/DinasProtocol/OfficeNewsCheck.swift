public import OfficeModel

extension OfficeNews {
  /// Throws the first field of `office` that breaks a rule of the API.
  public func check() throws(WireProblem) {
    if let services { try Self.check(services) }
    if let hours { try hours.check() }
    if let closures {
      try Check.count(closures.count, "office.closures", limit: DinasAPI.Limit.closures)
      for closure in closures {
        try Check.text(closure.reason, "office.closures.reason", limit: 80)
      }
    }
    if let announcements {
      try Check.count(
        announcements.count, "office.announcements", limit: DinasAPI.Limit.announcements)
      for announcement in announcements {
        try Check.identifier(announcement.id, "office.announcements.id")
        try Check.text(announcement.text, "office.announcements.text")
      }
    }
    if let revocationLists {
      try Check.count(
        revocationLists.count, "office.revocationLists", limit: DinasAPI.Limit.revocationLists)
      for list in revocationLists {
        try Check.identifier(list.id, "office.revocationLists.id")
        try Check.sha256(list.sha256, "office.revocationLists.sha256")
        guard (1...DinasAPI.Limit.revocationListBytes).contains(list.sizeBytes) else {
          throw WireProblem("office.revocationLists.sizeBytes", "1 byte to 16 MiB")
        }
      }
      try Check.unique(revocationLists.map(\.id), "office.revocationLists.id")
    }
  }

  /// The rules of a configuration's service files.
  private static func check(_ services: [ServiceStandard]) throws(WireProblem) {
    let field = "office.services"
    guard !services.isEmpty else { throw WireProblem(field, "at least one") }
    try Check.count(services.count, field, limit: ServiceStandard.Limit.services)
    for service in services { try service.check(field) }
    try Check.unique(services.map(\.id), field + ".id")
    try Check.unique(services.map(\.series), field + ".series")
    for (index, service) in services.enumerated() {
      guard
        !services[..<index].contains(where: {
          TicketNumber.seriesClash($0.series, service.series)
        })
      else { throw WireProblem(field + ".series", "not that of another's priority lane") }
    }
  }
}

extension OfficeHours {
  fileprivate func check() throws(WireProblem) {
    guard regular.hasOpenDay else { throw WireProblem("office.hours.regular", "has an open day") }
    try Check.count(
      ramadanPeriods.count, "office.hours.ramadanPeriods", limit: DinasAPI.Limit.periods)
    try Check.count(shown.count, "office.hours.shown", limit: 8)
    for line in shown { try Check.text(line, "office.hours.shown", limit: 60) }
  }
}

extension ServiceStandard {
  fileprivate func check(_ field: String) throws(WireProblem) {
    func text(_ text: String, _ name: String, _ limit: Int) throws(WireProblem) {
      try Check.text(text, field + "." + name, limit: limit)
    }
    func lines(_ lines: [String], _ name: String) throws(WireProblem) {
      try Check.count(lines.count, field + "." + name, limit: Limit.lines)
      for line in lines { try text(line, name, Limit.line) }
    }
    try Check.identifier(id, field + ".id")
    try text(title, "title", Limit.title)
    try text(shortTitle, "shortTitle", Limit.shortTitle)
    guard shortTitle.split(separator: " ").count <= Limit.shortTitleWords else {
      throw WireProblem(field + ".shortTitle", "at most three words")
    }
    guard (1...Limit.series).contains(series.utf8.count),
      series.utf8.allSatisfy({ (65...90).contains($0) })
    else { throw WireProblem(field + ".series", "one to three capital letters") }
    if let quota {
      let amounts = [quota.day, quota.morning, quota.afternoon].compactMap { $0 }
      guard amounts.allSatisfy(Limit.quota.contains), (1..<1440).contains(quota.afternoonFrom)
      else { throw WireProblem(field + ".quota", "1 to 9999, afternoonFrom 1 to 1439") }
    }
    try text(product, "product", Limit.product)
    try Check.count(
      requirements.count, field + ".requirements", limit: Limit.requirementGroups)
    for group in requirements {
      if let condition = group.condition {
        try text(condition, "requirements.condition", Limit.requirement)
      }
      try Check.count(
        group.items.count, field + ".requirements.items", limit: Limit.requirements)
      for item in group.items { try text(item, "requirements.items", Limit.requirement) }
    }
    if let notice {
      try text(notice, "notice", Limit.notice)
    } else {
      try text(fee, "fee", Limit.fee)
      try text(timeLimit.text, "timeLimit.text", Limit.requirement)
      guard (1...366 * 2).contains(timeLimit.amount) else {
        throw WireProblem(field + ".timeLimit.amount", "1 to 732")
      }
    }
    try Check.count(procedureParts.count, field + ".procedureParts", limit: Limit.lines)
    for part in procedureParts {
      if let title = part.title { try text(title, "procedureParts.title", Limit.requirement) }
      try lines(part.steps, "procedureParts.steps")
    }
    try Check.count(procedure.count, field + ".procedure", limit: Limit.lines * Limit.lines)
    for step in procedure { try text(step, "procedure", Limit.line) }
    for (name, value) in [
      ("pickUpChannels", pickUpChannels),
      ("complaintChannels", complaintChannels), ("complaintHandling", complaintHandling),
      ("serviceHours", serviceHours), ("legalBasis", legalBasis), ("facilities", facilities),
      ("competence", competence), ("internalSupervision", internalSupervision),
      ("staffing", staffing), ("guarantees", guarantees), ("safety", safety),
      ("evaluation", evaluation), ("document", document), ("procedureFlow", procedureFlow),
      ("complaintContact", complaintContact),
    ] {
      try lines(value, name)
    }
  }
}
