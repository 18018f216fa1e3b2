import OfficeModel

/// The `hours` section: the week, the week of Ramadan with its dates, and the file of closures.
enum HoursReading {
  static let spansPerWeek = 14
  static let periodsLimit = 50
  static let closuresLimit = 500

  struct Hours {
    var calendar: OfficeCalendar
    var shown: [String]
  }

  static func read(_ section: Section) -> Hours {
    let problemsBefore = section.context.problems.problems.count
    let regular = week(section, key: "weekly", required: true)
    if !regular.hasOpenDay, section.context.problems.problems.count == problemsBefore {
      section.problem(section.place(of: "weekly"), "hours.weekly has no open day")
    }
    let ramadan = section.optionalSection("ramadan") { ramadan in
      (week: week(ramadan, key: "weekly", required: true), periods: periods(ramadan, "periods"))
    }
    var closures: [OfficeCalendar.Closure] = []
    if let file = section.path("closures") {
      closures = self.closures(file: file, context: section.context)
    }
    return Hours(
      calendar: OfficeCalendar(
        regular: regular, ramadan: ramadan?.week, ramadanPeriods: ramadan?.periods ?? [],
        closures: closures),
      shown: section.texts("shown", upTo: 60, entries: 8, required: true))
  }

  /// Weekly spans: `days: [monday, …]`, `open: "09.00"`, `close: "15.00"`, `breaks: ["12.00-13.00"]`.
  private static func week(
    _ section: Section, key: String, required: Bool
  ) -> OfficeCalendar.Week {
    var days: [Weekday: [OfficeCalendar.Interval]] = [:]
    for (index, item) in section.list(key, required: required, upTo: spansPerWeek).enumerated() {
      let span = Section(
        item, path: "\(section.name(of: key))[\(index + 1)]", context: section.context)
      let open = clock(span, "open")
      let close = clock(span, "close")
      let pauses = breaks(span)
      let names = span.texts("days", upTo: 12, entries: 7, required: true)
      defer { span.finish() }
      guard let open, let close else { continue }
      guard open < close else {
        span.problem(span.place(of: "close"), "\(span.name(of: "close")) lies after open")
        continue
      }
      let parts = cut(open: open, close: close, breaks: pauses, span: span)
      for name in names {
        guard let day = weekday(name) else {
          span.problem(
            span.place(of: "days"),
            "\(span.name(of: "days")) holds \(weekdayNames.joined(separator: ", "))")
          continue
        }
        for part in parts {
          if days[day, default: []].contains(where: {
            $0.opens < part.closes && part.opens < $0.closes
          }) {
            span.problem(span.place, "\(span.path) overlaps other hours of \(name)")
          } else {
            days[day, default: []].append(part)
          }
        }
      }
    }
    return OfficeCalendar.Week(days)
  }

  private static let weekdayNames = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private static func weekday(_ name: String) -> Weekday? {
    weekdayNames.firstIndex(of: name).flatMap { Weekday(rawValue: $0 + 1) }
  }

  private static func cut(
    open: Int, close: Int, breaks: [(Int, Int)], span: Section
  ) -> [OfficeCalendar.Interval] {
    var parts: [OfficeCalendar.Interval] = []
    var from = open
    for (begin, end) in breaks.sorted(by: { $0 < $1 }) {
      guard begin >= from, end <= close else {
        span.problem(
          span.place(of: "breaks"), "\(span.name(of: "breaks")) lie inside the hours, one by one")
        return []
      }
      if let part = OfficeCalendar.Interval(opens: from, closes: begin) { parts.append(part) }
      from = end
    }
    if let part = OfficeCalendar.Interval(opens: from, closes: close) { parts.append(part) }
    return parts
  }

  private static func breaks(_ span: Section) -> [(Int, Int)] {
    span.texts("breaks", upTo: 20, entries: 4).compactMap { text in
      let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.filter { $0 != " " } }
      guard ends.count == 2, let begin = minutes(ends[0]), let end = minutes(ends[1]), begin < end
      else {
        span.problem(
          span.place(of: "breaks"), "\(span.name(of: "breaks")) are written like 12.00-13.00")
        return nil
      }
      return (begin, end)
    }
  }

  /// `09.00` as offices write it, or `09:00`; `24.00` ends a day.
  private static func clock(_ section: Section, _ key: String) -> Int? {
    let text = section.text(key, upTo: 10)
    guard section.isWritten(key), !text.isEmpty else { return nil }
    guard let minutes = minutes(text) else {
      section.problem(
        section.place(of: key), "\(section.name(of: key)) is a time of day such as 09.00")
      return nil
    }
    return minutes
  }

  static func minutes(_ text: String) -> Int? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }
    guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0...59).contains(minute), hour < 24 || (hour == 24 && minute == 0)
    else { return nil }
    return hour * 60 + minute
  }

  private static func periods(_ section: Section, _ key: String) -> [OfficeCalendar.Period] {
    section.list(key, required: true, upTo: periodsLimit).enumerated().compactMap { index, item in
      let entry = Section(
        item, path: "\(section.name(of: key))[\(index + 1)]", context: section.context)
      defer { entry.finish() }
      return period(entry)
    }
  }

  private static func period(_ entry: Section) -> OfficeCalendar.Period? {
    let first = entry.date("first")
    let last = entry.date("last", required: false)
    guard let first else { return nil }
    guard let period = OfficeCalendar.Period(first: first, last: last ?? first) else {
      entry.problem(entry.place(of: "last"), "\(entry.name(of: "last")) lies before first")
      return nil
    }
    return period
  }

  /// A file of its own, because it changes every year: `closures: [{first:, last:, kind:, reason:}]`.
  private static func closures(
    file: String, context: Section.Context
  ) -> [OfficeCalendar.Closure] {
    guard let root = TreeParser.parse(file: file, problems: context.problems) else { return [] }
    let section = Section(root, path: "", context: context)
    defer { section.finish() }
    return section.list("closures", required: true, upTo: closuresLimit).enumerated()
      .compactMap { index, item in
        let entry = Section(item, path: "closures[\(index + 1)]", context: context)
        defer { entry.finish() }
        let period = period(entry)
        let kind = entry.choice("kind", OfficeCalendar.Closure.Kind.self)
        let reason = entry.text("reason", upTo: 80)
        guard let period, let kind else { return nil }
        return OfficeCalendar.Closure(period: period, kind: kind, reason: reason)
      }
  }
}
