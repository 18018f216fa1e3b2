public import Ports
internal import ReadinessReport

extension Doctor {
  public struct Finding: Sendable {
    public enum Grade: Sendable { case good, attention, bad, fatal }
    public var name: Wording
    public var state: Wording
    /// The state as the terminal has it: with a device's own word and the last failed call.
    public var detail: String
    public var advice: Wording?
    public var grade: Grade

    init(
      _ name: Wording, _ state: Wording, detail: String? = nil, advice: Wording? = nil,
      _ grade: Grade
    ) {
      self.name = name
      self.state = state
      self.detail = detail ?? state.english
      self.advice = advice
      self.grade = grade
    }

    /// Opens every line, so that a finding is seen without colour.
    public var mark: String {
      switch grade {
      case .good: "[ ok ]"
      case .attention: "[look]"
      case .bad: "[down]"
      case .fatal: "[STOP]"
      }
    }
    public var isFatal: Bool { grade == .fatal }

    var reported: Readiness.Finding {
      let mark: Readiness.Mark =
        switch grade {
        case .good: .good
        case .attention: .attention
        case .bad: .bad
        case .fatal: .fatal
        }
      return Readiness.Finding(mark: mark, name: name, state: state, advice: advice)
    }
  }
}

/// What findings are about.
enum FindingName {
  static let configuration = Wording(indonesian: "Konfigurasi", english: "configuration")
  static let trust = Wording(indonesian: "Sertifikat tepercaya", english: "trust")
  static let revocationLists = Wording(
    indonesian: "Daftar pencabutan", english: "revocation lists")
  static let storeKey = Wording(indonesian: "Kunci basis data", english: "store key")
  static let lookupKey = Wording(indonesian: "Kunci pencarian", english: "lookup key")
  static let serverToken = Wording(indonesian: "Token server", english: "server token")
  static let storage = Wording(indonesian: "Penyimpanan", english: "storage")
  static let verifier = Wording(indonesian: "Pemeriksa tanda tangan", english: "verifier")
  static let renderer = Wording(indonesian: "Penampil halaman", english: "preview renderer")
  static let kiosk = Wording(indonesian: "Anjungan", english: "kiosk")
  static let kioskCertificate = Wording(
    indonesian: "Sertifikat anjungan", english: "kiosk's certificate")
  static let dinasRoot = Wording(
    indonesian: "Sertifikat akar Dinas", english: "root of the Dinas")
  static let confinement = Wording(
    indonesian: "Kurungan pemeriksa", english: "verifier's confinement")
  static let server = Wording(indonesian: "Server Dinas", english: "Dinas server")

  /// A device by the English name that its driver gives it.
  static func device(_ name: String) -> Wording {
    let known = [
      ("document printer", "Printer dokumen"), ("ticket printer", "Printer antrean"),
      ("card reader", "Pembaca kartu"), ("secure access module", "Modul keamanan kartu"),
      ("scanner", "Pemindai"),
    ]
    for (english, indonesian) in known where name.hasPrefix(english) {
      return Wording(indonesian: indonesian + name.dropFirst(english.count), english: name)
    }
    return Wording(name)
  }
}
