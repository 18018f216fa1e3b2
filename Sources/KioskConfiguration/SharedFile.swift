public import TicketPaper

/// Files that offices share, named without folder and ending: printer profiles (`printers/`) and the
/// slips' layouts (`tickets/`). An office's own folder comes first, then those beside the offices.
enum SharedFile {
  enum Kind: String {
    case printers, tickets
  }

  static func folders(_ kind: Kind, office: String) -> [String] {
    ["", "../", "../../"].map { PathText.join(office, $0 + kind.rawValue) }
  }

  /// Nil where no folder has it.
  static func path(of name: String, _ kind: Kind, office: String) -> String? {
    folders(kind, office: office).first { names(in: $0).contains(name) }
      .map { PathText.join($0, name + ".yaml") }
  }

  /// Every name that could be written.
  static func names(_ kind: Kind, office: String) -> [String] {
    Set(folders(kind, office: office).flatMap(names)).sorted()
  }

  private static func names(in folder: String) -> [String] {
    (BoundedFile.names(in: folder, endings: [".yaml"]) ?? []).map { String($0.dropLast(5)) }
  }

  /// Reads the file that a key names; problems stand at the key where there is no such file, in the
  /// file itself otherwise.
  static func read<Value>(
    _ kind: Kind, named name: String, at place: Place, key: String, context: Section.Context,
    _ read: (Section) -> Value?
  ) -> Value? {
    guard let path = path(of: name, kind, office: context.directory) else {
      let known = names(kind, office: context.directory)
      context.problems.add(
        place,
        "\(key) names a file NAME.yaml in \(kind.rawValue)/ of the office or beside the offices; "
          + (known.isEmpty ? "there are none" : "there are: \(known.joined(separator: ", "))"))
      return nil
    }
    guard let root = TreeParser.parse(file: path, problems: context.problems) else { return nil }
    let local = Section.Context(problems: context.problems, directory: context.directory)
    let section = Section(root, path: "", context: local)
    let value = read(section)
    section.finish()
    context.known.formUnion(local.known.map { "\(kind.rawValue)." + $0 })
    context.effective += local.effective.map {
      EffectiveValue(key: "\(kind.rawValue).\(name).\($0.key)", value: $0.value, place: $0.place)
    }
    return value
  }
}

extension KioskConfiguration {
  /// A printer profile by its name, as `devices.ticketPrinter.profile` would find it.
  /// - Parameter path: the office's folder, or its `kiosk.yaml`.
  public static func printerProfile(
    named name: String, office path: String
  ) throws(ConfigurationProblems) -> TicketPrinterProfile {
    try shared(.printers, named: name, office: path) { PrinterProfileReading.read($0, name: name) }
  }

  /// The slips' layout by its name, as `devices.ticketPrinter.layout` would find it.
  public static func ticketTemplate(
    named name: String, office path: String
  ) throws(ConfigurationProblems) -> TicketTemplate {
    try shared(.tickets, named: name, office: path, TicketTemplateReading.read)
  }

  /// The profiles that an office finds, by name.
  public static func printerProfileNames(office path: String) -> [String] {
    SharedFile.names(.printers, office: directory(of: path))
  }

  /// The slips' layouts that an office finds, by name.
  public static func ticketTemplateNames(office path: String) -> [String] {
    SharedFile.names(.tickets, office: directory(of: path))
  }

  private static func directory(of office: String) -> String {
    BoundedFile.isDirectory(office) ? office : PathText.directory(of: office)
  }

  private static func shared<Value>(
    _ kind: SharedFile.Kind, named name: String, office path: String,
    _ read: (Section) -> Value?
  ) throws(ConfigurationProblems) -> Value {
    let problems = ProblemList()
    let directory = directory(of: path)
    let value = SharedFile.read(
      kind, named: name, at: .start(of: path), key: "the name",
      context: Section.Context(problems: problems, directory: directory), read)
    guard let value, problems.problems.isEmpty else {
      throw ConfigurationProblems(problems: problems.sorted)
    }
    return value
  }
}
