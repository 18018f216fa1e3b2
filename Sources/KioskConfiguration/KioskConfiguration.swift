import OfficeModel

/// Loads a whole configuration: `kiosk.yaml` and the service standards in `services/` beside it, with
/// an optional overlay whose keys win. Either everything is right, or every problem is told at once.
public enum KioskConfiguration {
  public struct Loaded: Sendable {
    public let settings: KioskSettings
    /// Every value that counts and where it was written, in reading order. Holds no secrets: those
    /// are files, of which only the paths appear.
    public let effective: [EffectiveValue]
    /// Every key that there is, for holding the documentation against.
    let knownKeys: Set<String>

    /// The effective configuration as lines for people.
    public var effectiveText: String {
      effective.map(\.description).joined(separator: "\n") + "\n"
    }
  }

  /// - Parameters:
  ///   - path: a folder with `kiosk.yaml` in it, or the file itself.
  ///   - overlay: a second file with the same keys; tables merge key by key, values and lists replace.
  public static func load(
    path: String, overlay: String? = nil
  ) throws(ConfigurationProblems) -> Loaded {
    let problems = ProblemList()
    let settings = read(path: path, overlay: overlay, problems: problems)
    guard problems.problems.isEmpty, let settings else {
      throw ConfigurationProblems(problems: problems.sorted)
    }
    return settings
  }

  /// Every problem of a configuration; empty when it is right.
  public static func check(path: String, overlay: String? = nil) -> [ConfigurationProblem] {
    let problems = ProblemList()
    _ = read(path: path, overlay: overlay, problems: problems)
    return problems.sorted
  }

  private static func read(path: String, overlay: String?, problems: ProblemList) -> Loaded? {
    let isDirectory = BoundedFile.isDirectory(path)
    let file = isDirectory ? PathText.join(path, "kiosk.yaml") : path
    let directory = isDirectory ? path : PathText.directory(of: path)
    var root = TreeParser.parse(file: file, problems: problems)
    if let overlay, let top = TreeParser.parse(file: overlay, problems: problems) {
      root = root?.overlaid(by: top)
    }
    let context = Section.Context(problems: problems, directory: directory)
    guard let root else {
      // The services are read all the same: one broken file hides no other's problems.
      _ = services(directory: directory, context: context)
      return nil
    }
    let section = Section(root, path: "", context: context)
    let settings = SettingsReading.read(section) { services(directory: directory, context: $0) }
    section.finish()
    return Loaded(settings: settings, effective: context.effective, knownKeys: context.known)
  }

  private static func services(
    directory: String, context: Section.Context
  ) -> [ServiceStandard] {
    let folder = PathText.join(directory, "services")
    guard let names = BoundedFile.names(in: folder, endings: [".yaml"]), !names.isEmpty else {
      context.problems.add(.start(of: folder), "there is no service file (services/*.yaml)")
      return []
    }
    guard names.count <= ServiceReading.servicesLimit else {
      context.problems.add(
        .start(of: folder), "there are more than \(ServiceReading.servicesLimit) services")
      return []
    }
    var services: [ServiceStandard] = []
    for name in names {
      let file = PathText.join(folder, name)
      guard let root = TreeParser.parse(file: file, problems: context.problems) else { continue }
      let local = Section.Context(problems: context.problems, directory: directory)
      let section = Section(root, path: "", context: local)
      let service = ServiceReading.read(section)
      section.finish()
      context.known.formUnion(local.known.map { "service." + $0 })
      let prefix = service.id.isEmpty ? name : service.id
      context.effective += local.effective.map {
        EffectiveValue(key: "services.\(prefix).\($0.key)", value: $0.value, place: $0.place)
      }
      checkUnique(service, among: services, section)
      services.append(service)
    }
    return services.sorted { ($0.series, $0.id) < ($1.series, $1.id) }
  }

  private static func checkUnique(
    _ service: ServiceStandard, among others: [ServiceStandard], _ section: Section
  ) {
    if !service.id.isEmpty, others.contains(where: { $0.id == service.id }) {
      section.problem(section.place(of: "id"), "another service has the id '\(service.id)'")
    }
    guard section.isWritten("series"), !service.series.isEmpty else { return }
    if let other = others.first(where: { $0.series == service.series }) {
      section.problem(
        section.place(of: "series"),
        "the service '\(other.id)' has the same series: two queues would give the same number")
    } else if let other = others.first(where: {
      TicketNumber.seriesClash($0.series, service.series)
    }) {
      section.problem(
        section.place(of: "series"),
        "the priority lane of '\(other.id)' or of this service has the other's series: "
          + "two queues would give the same number")
    }
  }
}
