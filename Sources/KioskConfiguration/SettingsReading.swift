import OfficeModel

/// The sections of `kiosk.yaml`, each with its keys, limits and defaults. This is the schema: what is
/// not asked for here is an unknown key.
enum SettingsReading {
  static func read(_ root: Section, services: (Section.Context) -> [ServiceStandard])
    -> KioskSettings
  {
    let isDemonstration = root.boolean("demonstration", default: false)
    let office = root.section("office", required: true, Self.office)
    let languages = Self.languages(root)
    let hours = root.section("hours", required: true, HoursReading.read)
    let display = root.section("display", required: true, Self.display)
    let devices = root.section("devices", DeviceReading.read)
    let server = root.section("server", required: true) {
      Self.server($0, isDemonstration: isDemonstration)
    }
    let storage = root.section("storage", required: true, Self.storage)
    // A night passes; a day's jump does not.
    let clockJumpLimit = root.section("clock") {
      Duration.seconds(3600 * $0.integer("jumpLimitHours", in: 1...720, default: 18))
    }
    let staff = root.section("staff") {
      StaffSettings(
        file: $0.path("file"),
        triesPerHour: $0.integer("triesPerHour", in: 1...20, default: 5),
        lock: $0.seconds("lock", in: 60...3600, default: 300))
    }
    let trust = root.section("trust", required: true) {
      Self.trust($0, isDemonstration: isDemonstration)
    }
    let health = root.section("health", Self.healthAddress)
    let limits = root.section("limits", Self.limits)
    let timing = root.section("timing", Self.timing)
    let tools = root.section("tools") {
      ToolSettings(verifier: $0.path("verifier"), pdftoppm: $0.path("pdftoppm"))
    }
    let sceneSocket = root.path("sceneSocket")
    if sceneSocket != nil, !isDemonstration {
      root.problem(
        root.place(of: "sceneSocket"),
        "sceneSocket is allowed only under 'demonstration: true'")
    }
    return KioskSettings(
      office: office, languages: languages, calendar: hours.calendar, openingHours: hours.shown,
      display: display, documentPrinter: devices.documentPrinter,
      secondDocumentPrinter: devices.secondDocumentPrinter,
      ticketPrinter: devices.ticketPrinter, cardReader: devices.cardReader,
      scanners: devices.scanners, server: server, storage: storage, clockJumpLimit: clockJumpLimit,
      staff: staff, trust: trust,
      healthAddress: health, limits: limits, timing: timing,
      isDemonstration: isDemonstration, sceneSocket: sceneSocket, tools: tools,
      services: services(root.context))
  }

  private static func office(_ section: Section) -> OfficeSettings {
    OfficeSettings(
      name: section.text("name", upTo: 80), region: section.text("region", upTo: 80),
      kioskName: section.text("kioskName", upTo: 40),
      zone: section.choice("zone", OfficeZone.self) ?? .wib)
  }

  private static func languages(_ root: Section) -> [String] {
    let languages = root.texts("languages", upTo: 8, entries: 8, required: true)
    guard root.isWritten("languages"), !languages.isEmpty else { return languages }
    let place = root.place(of: "languages")
    for language in languages where !root.isIdentifier(language, upTo: 8) {
      root.problem(place, "languages holds codes such as id, en, jv")
    }
    if Set(languages).count != languages.count {
      root.problem(place, "languages names a language twice")
    }
    // Perpres 63/2019: Indonesian first; every other language falls back to it.
    if languages.first != "id" { root.problem(place, "languages begins with id (Indonesian)") }
    return languages
  }

  private static func display(_ section: Section) -> DisplaySettings {
    DisplaySettings(
      // From 10 inches, below which no control keeps its size, to 85.
      diagonalMillimetres: section.integer("diagonalMillimetres", in: 254...2160),
      orientation: section.choice(
        "orientation", DisplaySettings.Orientation.self, default: .portrait) ?? .portrait,
      assetsDirectory: section.path("assetsDirectory"),
      sound: section.boolean("sound", default: true))
  }

  private static func server(_ section: Section, isDemonstration: Bool) -> ServerSettings {
    let url = section.text("url", upTo: 512)
    if !url.isEmpty { checkServer(url, section, isDemonstration: isDemonstration) }
    let settings = ServerSettings(
      url: url, kioskID: section.identifier("kioskID"),
      tokenFile: section.secretFile("tokenFile", required: true),
      rootsFile: section.path("rootsFile"),
      clientCertificateFile: section.path("clientCertificateFile"),
      clientKeyFile: section.secretFile("clientKeyFile"),
      qrPrefixes: section.texts("qrPrefixes", upTo: 64, entries: 8),
      syncInterval: section.seconds("syncInterval", in: 1...3600, default: 30),
      connectTimeout: section.seconds("connectTimeout", in: 1...60, default: 3),
      requestTimeout: section.seconds("requestTimeout", in: 1...120, default: 10),
      documentTimeout: section.seconds("documentTimeout", in: 1...300, default: 120))
    let files = ["rootsFile", "clientCertificateFile", "clientKeyFile"]
    let written = files.filter(section.isWritten)
    if written.count < files.count, !written.isEmpty || !isDemonstration {
      // A kiosk and its Dinas know each other by certificates of their own.
      let rule = isDemonstration ? "given all together or not at all" : "all three needed"
      section.problem(section.place, "\(files.joined(separator: ", ")) are \(rule)")
    }
    return settings
  }

  private static func checkServer(_ url: String, _ section: Section, isDemonstration: Bool) {
    let place = section.place(of: "url")
    guard let parts = URLParts(url), ["http", "https"].contains(parts.scheme),
      parts.path.isEmpty || parts.path == "/"
    else {
      section.problem(place, "server.url is an address such as https://api.dinas.example")
      return
    }
    guard parts.scheme == "http" else { return }
    // Addresses as written: a name, also localhost, may be made to mean another machine.
    if !["127.0.0.1", "::1"].contains(parts.host) {
      section.problem(place, "server.url uses plain HTTP beyond this machine; use https")
    } else if !isDemonstration {
      section.problem(place, "server.url uses plain HTTP outside a demonstration; use https")
    }
  }

  private static func storage(_ section: Section) -> StorageSettings {
    StorageSettings(
      directory: section.path("directory", required: true) ?? "",
      storeKeyFile: section.secretFile("storeKeyFile", required: true) ?? "",
      lookupKeyFile: section.secretFile("lookupKeyFile", required: true) ?? "",
      minimumFreeMiB: section.integer("minimumFreeMiB", in: 1...1_048_576, default: 256))
  }

  private static func trust(_ section: Section, isDemonstration: Bool) -> TrustSettings {
    let policy =
      section.choice("policy", TrustSettings.Policy.self, default: .production) ?? .production
    if policy == .demonstration, !isDemonstration {
      section.problem(
        section.place(of: "policy"),
        "demonstration trust is allowed only under 'demonstration: true'")
    }
    let trust = TrustSettings(
      directory: section.path("directory", required: true) ?? "", policy: policy,
      revocationDirectory: section.path("revocationDirectory"))
    if !trust.directory.isEmpty {
      for finding in TrustFolder.examine(trust, isDemonstration: isDemonstration)
      where finding.isProblem {
        section.problem(
          section.place(of: "directory"),
          "trust.directory: \(finding.state). \(finding.advice)")
      }
    }
    return trust
  }

  private static func healthAddress(_ section: Section) -> NetworkAddress {
    let text = section.text("address", upTo: 260, default: "127.0.0.1:8077")
    if let address = NetworkAddress(text) { return address }
    section.problem(
      section.place(of: "address"), "health.address is HOST:PORT, such as 127.0.0.1:8077")
    return NetworkAddress.healthDefault
  }

  private static func limits(_ section: Section) -> LimitSettings {
    LimitSettings(
      pinTriesPerNIK: section.integer("pinTriesPerNIK", in: 1...10, default: 3),
      // A whole queue of honest mistakes fits; a person who tries NIK after NIK does not.
      pinTriesPerKiosk: section.integer("pinTriesPerKiosk", in: 3...1000, default: 30),
      pinWindow: section.seconds("pinWindow", in: 60...604_800, default: 86_400),
      ticketsPerSession: section.integer("ticketsPerSession", in: 1...20, default: 2),
      ticketsPerCitizen: section.integer("ticketsPerCitizen", in: 1...20, default: 2),
      printsPerSession: section.integer("printsPerSession", in: 1...50, default: 10),
      lookupsPerSession: section.integer("lookupsPerSession", in: 1...50, default: 5),
      // The verifier refuses larger documents, and the Dinas offers none.
      documentMiB: section.integer("documentMiB", in: 1...25, default: 10),
      documentPages: section.integer("documentPages", in: 1...200, default: 20),
      // At the longest wait between two tries 600 are about a day.
      outboxFailures: section.integer("outboxFailures", in: 5...10_000, default: 600))
  }

  private static func timing(_ section: Section) -> TimingSettings {
    // WCAG 2.2.1: at least twenty seconds to ask for more time.
    TimingSettings(
      plainIdle: section.seconds("plainIdle", in: 15...600, default: 60),
      plainCountdown: section.seconds("plainCountdown", in: 20...120, default: 20),
      personalIdle: section.seconds("personalIdle", in: 15...600, default: 60),
      personalCountdown: section.seconds("personalCountdown", in: 20...120, default: 30),
      takePaper: section.seconds("takePaper", in: 15...600, default: 60),
      resultShown: section.seconds("resultShown", in: 5...120, default: 20),
      staffIdle: section.seconds("staffIdle", in: 30...600, default: 120))
  }
}

extension NetworkAddress {
  static let healthDefault = NetworkAddress(host: "127.0.0.1", port: 8077)

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}
