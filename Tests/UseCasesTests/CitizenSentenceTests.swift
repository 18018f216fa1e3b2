import Foundation
import Journey
import KioskConfiguration
import LocalStore
import OfficeModel
import Ports
import Screens
import TestSupport
import Testing
import UseCases
import VerifierClient

/// From the bytes of a document to the words on the glass: the real verifier, the real use cases and
/// the real screens, each refusal with the only explanation that is right.
@Suite("What a citizen is told of a document", .timeLimit(.minutes(2)))
struct CitizenSentenceTests {
  /// What is right to say, in the words of each language.
  enum Told: CaseIterable {
    case changed, uncertain, revocationUnknown, unreadable, machine

    var titles: [String: String] {
      switch self {
      case .changed:
        [
          "id": "Dokumen berubah setelah ditandatangani",
          "en": "The document was changed after signing",
        ]
      case .uncertain, .revocationUnknown:
        ["id": "Penandatangan tidak dapat dipastikan", "en": "The signer cannot be confirmed"]
      case .unreadable:
        ["id": "Berkas tidak dapat diproses", "en": "The file cannot be processed"]
      case .machine:
        [
          "id": "Mesin sedang tidak dapat memeriksa dokumen",
          "en": "Documents cannot be checked right now",
        ]
      }
    }

    /// A part of the explanation that no other explanation has.
    var marks: [String: String] {
      switch self {
      case .changed: ["id": "tidak lagi sama", "en": "no longer the one"]
      case .uncertain: ["id": "siapa yang menandatangani", "en": "who signed"]
      case .revocationUnknown: ["id": "saat mesin tersambung", "en": "when it is online"]
      case .unreadable: ["id": "tidak dapat dibaca atau dicetak", "en": "be read or printed"]
      case .machine: ["id": "bukan karena dokumen Anda", "en": "not about your document"]
      }
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let document: String
    let told: Told
    var lists = "fresh"
    var helper: String?
    var testDescription: String { document + (helper.map { " by " + $0 } ?? "") }
  }

  static let cases = [
    // Another page content in an update after the signature; a page added; the same signed anew.
    Case(document: "isa-content", told: .changed),
    Case(document: "isa-addpage", told: .changed),
    Case(document: "isa-resigned-by-other", told: .changed),
    // Somebody's own root; a citizen's certificate of another provider under the national root.
    Case(document: "untrusted-foreign-root", told: .uncertain),
    Case(document: "untrusted-psre-same-root", told: .uncertain),
    Case(document: "revoked-before-signing", told: .uncertain),
    Case(document: "untrusted-expired-no-poe", told: .uncertain),
    Case(document: "c-nocrl-bb", told: .revocationUnknown, lists: "none"),
    Case(document: "enc-userpw", told: .unreadable),
    Case(document: "nonpdf-html", told: .unreadable),
    Case(document: "nonpdf-png", told: .unreadable),
    Case(document: "unsigned-kk", told: .unreadable),
    // A genuine document before a verifier that fails says nothing about the document.
    Case(document: "v-pss", told: .machine, helper: "crash"),
    Case(document: "v-pss", told: .machine, helper: "half-answer"),
    Case(document: "v-pss", told: .machine, helper: "exit-78"),
    Case(document: "v-pss", told: .machine, helper: "no-such-helper"),
  ]

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")
  private static let corpus = fixtures.appending(path: "tte-corpus")

  private static func verifier(_ entry: Case) -> DocumentVerifier {
    var settings = DocumentVerifier.Settings(trust: corpus.appending(path: "trust").path)
    settings.revocationLists = corpus.appending(path: "crl/" + entry.lists).path
    // 2026-11-20 12:00 UTC, the clock of the corpus.
    settings.time = 1_795_176_000
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "anjungan-verify").path
    let helper = entry.helper.map { fixtures.appending(path: "helpers/" + $0).path } ?? own
    return DocumentVerifier(helper: helper, settings: settings)
  }

  private static func refusal(_ entry: Case) async throws -> (DocumentRefusal, Counter) {
    let file = corpus.appending(path: "cases/\(entry.document).pdf")
    let counter = try Counter(verifier: verifier(entry))
    let answer = try await counter.open([UInt8](try Data(contentsOf: file)))
    guard case .documentRefused(let refusal)? = answer else {
      throw PortError(.internalFault, step: "test", detail: "\(String(describing: answer))")
    }
    return (refusal, counter)
  }

  /// All words on the glass, as they are drawn: lines joined, so that a break is a space.
  private static func words(_ screen: Screen, _ language: String) throws -> String {
    let folder = fixtures.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Assets/strings").path
    let tables = try StringsFile.load(directory: folder, languages: ["id", "en"])
    var state = JourneyState(
      office: OfficeProfile(
        name: "Disdukcapil Kabupaten Contoh", kioskName: "ADM 01", zone: .wita, services: [],
        languages: ["id", "en"], isDemonstration: true, openingHours: []),
      now: Moment(wall: Timestamp(seconds: 1_795_176_000), uptime: Uptime(milliseconds: 0)))
    state.session = SessionID(1)
    state.preferences = Preferences(language: language)
    state.screen = screen
    let frame = Screens.frame(
      for: state, size: Size(width: 1080, height: 1920),
      strings: Strings(language: language, tables: tables),
      measure: TextMeasurer(
        width: { text, _, pixels in text.count * pixels * 6 / 10 },
        lineHeight: { _, pixels in pixels * 6 / 5 }))
    return frame.texts.map(\.text).joined(separator: " ")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("each refusal has the one explanation that is right, in each language", arguments: cases)
  func sentences(_ entry: Case) async throws {
    let (refusal, counter) = try await Self.refusal(entry)
    for (language, counterWord, codeWord) in [
      ("id", "Silakan ke loket", "Kode untuk petugas: "),
      ("en", "go to the counter", "Code for staff: "),
    ] {
      let words = try Self.words(.documentRefused(refusal), language)
      #expect(words.contains(entry.told.titles[language] ?? "-"), "\(words)")
      for other in Told.allCases {
        let mark = other.marks[language] ?? ""
        #expect(words.contains(mark) == (other == entry.told), "\(mark): \(words)")
        if other.titles != entry.told.titles {
          #expect(!words.contains(other.titles[language] ?? "-"), "\(words)")
        }
      }
      #expect(words.contains(counterWord), "\(words)")
      let code = try #require(refusal.code)
      #expect(ReasonMeaning.of(code) != nil, "\(code)")
      #expect(words.contains(codeWord + code), "\(words)")
    }
    // Nothing of it is on paper, and nothing is kept of what was not shown.
    #expect(counter.parts.documentsPrinted.all.isEmpty)
    #expect(try await counter.store.port().cache.sealedDocument(Counter.documentID) == nil)
  }

  @Test("a genuine document passes the same way to its preview")
  func genuine() async throws {
    let file = Self.corpus.appending(path: "cases/v-pss.pdf")
    let counter = try Counter(
      verifier: Self.verifier(Case(document: "v-pss", told: .changed)))
    guard
      case .documentReady(let preview)? = try await counter.open(
        [UInt8](try Data(contentsOf: file)))
    else {
      Issue.record("no preview")
      return
    }
    for (language, signed) in [("id", "Ditandatangani oleh"), ("en", "Signed by")] {
      let words = try Self.words(.preview(preview), language)
      #expect(words.contains(signed + " Tanda PSS, M.T., Kepala Dinas"), "\(words)")
      #expect(
        words.contains(
          "Dinas Kependudukan dan Pencatatan Sipil, Pemerintah Kabupaten Uji Coba"), "\(words)")
      #expect(words.contains("15 September 2026"), "\(words)")
    }
  }

  @Test("of several people who signed, each is named on the glass")
  func coSigners() async throws {
    let file = Self.corpus.appending(path: "cases/v-three-lt-skew.pdf")
    let counter = try Counter(
      verifier: Self.verifier(Case(document: "v-three-lt-skew", told: .changed)))
    guard
      case .documentReady(let preview)? = try await counter.open(
        [UInt8](try Data(contentsOf: file)))
    else {
      Issue.record("no preview")
      return
    }
    let words = try Self.words(.preview(preview), "id")
    #expect(words.contains("Ditandatangani oleh Drs. Ujang Contoh, M.Si."), "\(words)")
    #expect(
      words.contains("Juga ditandatangani oleh Made Rekaan, S.H.; Siti Peraga, S.STP."),
      "\(words)")
    // One of another office comes with his office.
    var mixed = preview
    mixed.coSigners[0].organization = "Kabupaten Lain"
    mixed.coSigners[0].organizationalUnit = nil
    #expect(
      try Self.words(.preview(mixed), "id").contains("Made Rekaan, S.H. (Kabupaten Lain)"))
  }
}

extension DocumentRefusal {
  fileprivate var code: String? {
    switch self {
    case .changed(let code), .signerUncertain(let code), .revocationUnknown(let code),
      .unreadable(let code), .machineFailed(let code):
      code
    case .unavailable, .cardOnly, .heldElsewhere, .undecided, .noRightOffline: nil
    }
  }
}
