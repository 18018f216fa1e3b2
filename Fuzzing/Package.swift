// swift-tools-version: 6.2
// The fuzzer of the document verifier: a package of its own, so that building it brings in nothing
// but the rooms it feeds. Those are the kiosk's own, through links; scripts/fuzz builds and runs it.
import PackageDescription

let common: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "verifier-fuzz",
  targets: [
    // Only the verifier is instrumented, so the edges that libFuzzer counts are its edges. Its
    // internal parts are reached by `@testable`, and no door had to be made in it.
    .target(
      name: "SignedDocuments", dependencies: ["CQPDF", "COpenSSL", "CLinux"],
      swiftSettings: common + [
        .strictMemorySafety(), .unsafeFlags(["-enable-testing", "-sanitize=fuzzer"]),
      ]),
    .systemLibrary(name: "CQPDF"), .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CLinux"),
    .target(name: "CForge"),
    .executableTarget(
      name: "verifier-fuzz", dependencies: ["SignedDocuments", "CForge", "COpenSSL"],
      swiftSettings: common,
      // Debian's gold stops with an internal error on libFuzzer's objects.
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ], swiftLanguageModes: [.v6])
