// swift-tools-version: 6.2
import PackageDescription

let common: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]
let touchesC = common + [.strictMemorySafety()]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], c: Bool = false) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: c ? touchesC : common)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil,
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
    exclude: exclude, resources: resources, swiftSettings: common)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let unixSignals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "anjungan",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "anjungan", targets: ["anjungan"]),
    .executable(name: "anjungan-verify", targets: ["anjungan-verify"]),
    .executable(name: "dinas-simulator", targets: ["dinas-simulator"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Floor 0: values and memory, nothing of the outside.
    room("OfficeModel"),
    room("SensitiveMemory", ["CLinux"], c: true),
    room("DeviceThreads", ["CLinux"], c: true),

    // Floor 1: decisions as values.
    room("Journey", ["OfficeModel", "SensitiveMemory"]),
    room("PrintWorkflow", ["OfficeModel"]),
    room("CardSession", ["OfficeModel"]),
    room("SyncEngine", ["OfficeModel"]),
    room("Scanning", ["SensitiveMemory"]),
    room("Ports", ["OfficeModel", "SensitiveMemory"]),
    room("DinasProtocol", ["OfficeModel", crypto, cryptoExtras]),
    room("ContentCoding", ["CZlib"], c: true),
    room("SignedDocuments", ["CQPDF", "COpenSSL", "CLinux"], c: true),

    // Slips as values: profile, template, layout, and the bytes and dots they come to.
    room("TicketPaper", ["OfficeModel", "Ports", "CQREncode", "CPNG", "CFreeType"], c: true),

    // Floor 2: what the citizen sees, as values.
    room("Screens", ["Journey", "OfficeModel", "SensitiveMemory"]),

    // Floor 3: one outside thing each.
    room(
      "KioskShell",
      [
        "Journey", "Screens", "OfficeModel", "Scanning", "SensitiveMemory", "DeviceThreads", "CSDL",
        "CLinux",
      ], c: true),
    room(
      "UseCases",
      [
        "Journey", "OfficeModel", "SensitiveMemory", "Ports", "PrintWorkflow", "SyncEngine",
        "DinasProtocol", "DeviceThreads", crypto,
      ], c: true),
    room(
      "LocalStore",
      [
        "Ports", "OfficeModel", "SyncEngine", "PrintWorkflow", "DinasProtocol", "CLinux", grdb,
        grdbSQLite, crypto,
      ], c: true),
    room(
      "DinasClient",
      [
        "Ports", "OfficeModel", "DinasProtocol", "ContentCoding", httpClient, nioCore, nioHTTP1,
        nioSSL, crypto,
        logging,
      ]),
    room(
      "VerifierClient", ["Ports", "OfficeModel", "SensitiveMemory", "DeviceThreads", "CLinux"],
      c: true),
    room(
      "Printing",
      [
        "Ports", "OfficeModel", "SensitiveMemory", "DeviceThreads", "TicketPaper", "CCUPS",
        "CLinux",
        crypto,
      ], c: true),
    room(
      "CardReading",
      [
        "Ports", "OfficeModel", "CardSession", "SensitiveMemory", "DeviceThreads", "CPCSC",
        "CLinux",
      ], c: true),
    room(
      "ScannerReading",
      ["Ports", "OfficeModel", "Scanning", "SensitiveMemory", "DeviceThreads", "CLinux"], c: true),
    room("ReadinessReport", ["Ports", "CCairo"], c: true),
    room("KioskConfiguration", ["OfficeModel", "TicketPaper", crypto, yams]),
    room("Observability", ["OfficeModel", "Ports", coreMetrics, logging, metrics]),
    room(
      "HealthServer",
      ["Observability", httpTypes, hummingbirdCore, lifecycle, logging, nioCore, nioPosix]),

    // Floor 4 and up: the kiosk put together, and its commands.
    room(
      "Kiosk",
      [
        "Journey", "Screens", "KioskShell", "UseCases", "LocalStore", "DinasClient",
        "VerifierClient", "Printing",
        "CardReading", "ScannerReading", "ReadinessReport", "KioskConfiguration", "Observability",
        "HealthServer", "Ports", "SyncEngine", "DinasProtocol", "TicketPaper",
        "OfficeModel",
        "SensitiveMemory", "DeviceThreads", "CLinux", lifecycle, logging, metrics, unixSignals,
      ], c: true),
    room(
      "Commands",
      [
        "Kiosk", "KioskConfiguration", "VerifierClient", "Printing", "CardReading", "OfficeModel",
        "Ports", "LocalStore", "DinasProtocol", "TicketPaper",
        "SensitiveMemory", argumentParser,
      ]),
    .executableTarget(
      name: "anjungan", dependencies: ["Commands", argumentParser], swiftSettings: common),
    .executableTarget(
      name: "anjungan-verify", dependencies: ["SignedDocuments", "CLinux"],
      swiftSettings: touchesC,
      linkerSettings: [
        // qpdf has to find our operator new instead of the library's.
        .unsafeFlags(["-Xlinker", "--export-dynamic-symbol=_Znwm"]),
        // It is started once per document, and loading Swift's libraries took a third of that time.
        .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
      ]),
    .executableTarget(
      name: "dinas-simulator",
      dependencies: [
        "DinasProtocol", "ContentCoding", "OfficeModel", hummingbird, hummingbirdTLS, nioSSL, yams,
        argumentParser,
        lifecycle, logging, nioCore, nioPosix,
      ],
      swiftSettings: common),

    // The kiosk of the proof that breaks it (scripts/torture).
    .executableTarget(
      name: "torture-kiosk",
      dependencies: [
        "Kiosk", "KioskShell", "DeviceThreads", "Journey", "OfficeModel", "Screens", argumentParser,
      ], path: "Tests/TortureTests/torture-kiosk", swiftSettings: common),

    // The drivers of the proof that breaks the devices (scripts/soak-devices).
    .executableTarget(
      name: "device-soak",
      dependencies: [
        "CardReading", "CHeap", "DeviceThreads", "KioskConfiguration", "OfficeModel", "Ports",
        "Printing", "SensitiveMemory", argumentParser, crypto,
      ], path: "Tests/DeviceSoakTests/device-soak", swiftSettings: common),
    .systemLibrary(name: "CHeap", path: "Tests/DeviceSoakTests/CHeap"),

    // Times the store beside SQLite alone (scripts/bench).
    .executableTarget(
      name: "store-benchmark",
      dependencies: [
        "DinasClient", "LocalStore", "OfficeModel", "Ports", argumentParser,
        grdbSQLite,
      ], path: "Benchmarks/StoreBenchmark", swiftSettings: common),

    // C libraries: a module map and a shim header each.
    .systemLibrary(
      name: "CSDL", providers: [.apt(["libsdl2-dev", "libsdl2-ttf-dev", "libsdl2-image-dev"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo-ft", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CCUPS", providers: [.apt(["libcups2-dev"])]),
    .systemLibrary(name: "CPCSC", pkgConfig: "libpcsclite", providers: [.apt(["libpcsclite-dev"])]),
    .systemLibrary(name: "CQPDF", providers: [.apt(["libqpdf-dev"])]),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev", "zlib1g-dev"])]),
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CQREncode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),

    .target(
      name: "TestSupport",
      dependencies: ["CardReading", "Ports", "OfficeModel", "SensitiveMemory"],
      path: "Tests/TestSupport", swiftSettings: common),
    tests("OfficeModel"),
    tests(
      "Kiosk",
      [
        "torture-kiosk", "CardReading", "KioskConfiguration", "LocalStore", "Observability",
        "OfficeModel", "Ports", "Printing", "SensitiveMemory", "UseCases", "VerifierClient",
        "anjungan-verify",
      ]),
    tests("Commands", ["anjungan", "anjungan-verify"]),
    tests("KioskShell", ["Journey", "Screens", "OfficeModel", "SensitiveMemory", "CSDL"]),
    tests("SensitiveMemory"),
    tests("HealthServer", [httpClient, logging, nioCore, nioHTTP1, lifecycle]),
    tests("Observability", ["OfficeModel", "Ports", coreMetrics, logging]),
    tests("Journey", ["OfficeModel", "SensitiveMemory"]),
    tests("Screens", ["Journey", "OfficeModel", "SensitiveMemory"]),
    tests("CardSession", ["OfficeModel"]),
    tests("ReadinessReport", ["Ports"]),
    tests("Scanning", ["SensitiveMemory"]),
    tests("ScannerReading", ["OfficeModel", "Ports", "SensitiveMemory"]),
    tests(
      "CardReading",
      [
        "CardSession", "DinasProtocol", "Journey", "LocalStore", "OfficeModel", "Ports",
        "SensitiveMemory", "UseCases", "CPCSC",
      ]),
    tests(
      "Printing",
      [
        "OfficeModel", "Ports", "SensitiveMemory", "VerifierClient", "anjungan-verify", "CCUPS",
        "KioskConfiguration", "TicketPaper", crypto,
      ]),
    tests("SignedDocuments"),
    tests("VerifierClient", ["Ports", "OfficeModel", "SensitiveMemory", "anjungan-verify"]),
    tests("LocalStore", ["Ports", "OfficeModel", "DinasProtocol", grdb]),
    tests("PrintWorkflow", ["OfficeModel"]),
    tests("KioskConfiguration", ["OfficeModel", "TicketPaper"]),
    tests("SyncEngine", ["OfficeModel"]),
    tests(
      "UseCases",
      [
        "Ports", "OfficeModel", "Journey", "SensitiveMemory", "LocalStore", "DinasProtocol",
        "ContentCoding", "Screens", "VerifierClient", "KioskConfiguration", "DinasClient",
        "Printing", "anjungan-verify", "dinas-simulator",
      ]),
    tests("DinasProtocol", ["OfficeModel", yams]),
    tests("ContentCoding"),
    tests(
      "DinasClient",
      [
        "DinasProtocol", "OfficeModel", "Ports", "dinas-simulator", "Journey", "LocalStore",
        "SensitiveMemory", "UseCases", "VerifierClient", "ContentCoding", "anjungan-verify",
        nioCore, nioPosix, nioSSL,
      ]),
    .testTarget(
      name: "DinasSimulatorTests",
      dependencies: [
        "anjungan-verify", "dinas-simulator", "DinasProtocol", "OfficeModel", "TestSupport",
        httpClient, nioCore, nioHTTP1, yams,
      ], swiftSettings: common),
  ],
  swiftLanguageModes: [.v6]
)
