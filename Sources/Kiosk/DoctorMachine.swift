internal import Glibc
internal import KioskConfiguration
internal import LocalStore
internal import Ports
internal import VerifierClient

// What lies on the machine itself: trust, secrets, store and programs.
extension Doctor {
  func trust(_ settings: KioskSettings) -> [Finding] {
    let problems = TrustFolder.examine(
      settings.trust, isDemonstration: settings.isDemonstration)
    guard problems.isEmpty else {
      return problems.map {
        Finding(
          FindingName.trust, Wording($0.state),
          advice: Wording(indonesian: $0.indonesianAdvice, english: $0.advice), .fatal)
      }
    }
    return [
      settings.isDemonstration
        ? Finding(
          FindingName.trust,
          Wording(
            indonesian: "peragaan: dokumennya tidak berlaku",
            english: "demonstration: its documents are worth nothing"), .attention)
        : Finding(FindingName.trust, Wording(settings.trust.directory), .good)
    ]
  }

  func secrets(_ settings: KioskSettings) -> [Finding] {
    func look(_ name: Wording, _ body: () throws(SecretFileProblem) -> Void) -> Finding {
      do throws(SecretFileProblem) {
        try body()
        return Finding(name, Wording(indonesian: "ada", english: "found"), .good)
      } catch {
        return Finding(
          name, Wording(error.what),
          advice: Wording(indonesian: error.indonesian, english: error.advice), .fatal)
      }
    }
    let storeKey = settings.storage.storeKeyFile
    // What cannot be looked at may be one.
    let isFirst =
      !SecretFile.exists(storeKey)
      && (try? LocalStore.isThere(settings.storage.directory)) == false
    var findings = [
      isFirst
        ? Finding(
          FindingName.storeKey,
          Wording(
            indonesian: "belum ada, dibuat bersama basis data saat pertama dijalankan",
            english: "not there yet; the first start makes it with the store"), .good)
        : look(FindingName.storeKey) { () throws(SecretFileProblem) in
          _ = try SecretFile.key(at: storeKey)
        },
      look(FindingName.lookupKey) { () throws(SecretFileProblem) in
        _ = try SecretFile.key(at: settings.storage.lookupKeyFile)
      },
    ]
    if let path = settings.server.tokenFile {
      findings.append(
        look(FindingName.serverToken) { () throws(SecretFileProblem) in
          _ = try SecretFile.text(at: path)
        })
    }
    return findings
  }

  func storage(_ settings: KioskSettings) -> Finding {
    let directory = settings.storage.directory
    guard let space = StorageSpace.measure(directory: directory) else {
      return Finding(
        FindingName.storage,
        Wording(
          indonesian: "\(directory) belum ada", english: "\(directory) is not there yet"),
        advice: Wording(
          indonesian: "Dibuat saat pertama dijalankan bila folder induknya mengizinkan.",
          english: "It is made at the first start if its parent folder allows."), .attention)
    }
    let free = space.freeBytes >> 20
    let room = Wording(indonesian: "\(free) MiB kosong", english: "\(free) MiB free")
    guard !space.isReadOnly, free >= Int64(settings.storage.minimumFreeMiB) else {
      return Finding(
        FindingName.storage,
        space.isReadOnly
          ? Wording(
            indonesian: "\(directory) hanya bisa dibaca", english: "\(directory) is read-only")
          : room,
        advice: Wording(
          indonesian:
            "Nomor dan cetakan tidak dapat dicatat: kosongkan ruang atau pasang bisa ditulis.",
          english: "Tickets and prints cannot be recorded: make room or mount it writable."), .bad)
    }
    return Finding(FindingName.storage, room, .good)
  }

  func programs(_ settings: KioskSettings) -> [Finding] {
    let verifier = settings.tools.verifier ?? ProgramFolder.path(of: "anjungan-verify")
    let renderer = settings.tools.pdftoppm ?? "/usr/bin/pdftoppm"
    return [(FindingName.verifier, verifier), (FindingName.renderer, renderer)].map { name, path in
      unsafe access(path, X_OK) == 0
        ? Finding(name, Wording(path), .good)
        : Finding(
          name,
          Wording(
            indonesian: "\(path) tidak dapat dijalankan", english: "\(path) cannot be run"),
          advice: Wording(
            indonesian: "Tanpa itu tidak ada dokumen dicetak. Pasang, atau atur tools.",
            english: "Without it no document is printed. Install it or set tools."), .bad)
    }
  }

  /// What the verifier itself makes of the trust folder, and how old its revocation lists are.
  func trust(_ report: TrustReport?, _ settings: KioskSettings) -> [Finding] {
    // That the verifier does not answer or has no roots is said elsewhere.
    guard let report, !report.roots.isEmpty else { return [] }
    let now = Int64(time(nil))
    let remarks = report.remarks(now: now, isDemonstration: settings.isDemonstration)
    guard remarks.isEmpty else {
      return remarks.map {
        Finding(
          FindingName.trust, Wording($0.text),
          advice: Wording(indonesian: Self.indonesian(ofRemark: $0.code), english: $0.advice),
          $0.weight == .error ? .bad : .attention)
      }
    }
    let count = report.lists.count
    return [
      Finding(
        FindingName.revocationLists,
        Wording(
          indonesian: "\(count), tidak ada yang terlalu lama", english: "\(count), none too old"),
        .good)
    ]
  }

  /// The advice of a remark on the trust folder, by its stable code.
  static func indonesian(ofRemark code: String) -> String {
    switch code {
    case "revocation-list.unreadable":
      "Daftar itu dilewati. Pasang lagi dengan anjungan trust add-crl."
    case "revocation-list.useless": "Daftar itu tidak pernah dihitung: keluarkan."
    case "revocation-list.missing":
      "Dokumen tanpa data pencabutan sendiri tidak dicetak."
    case "revocation-list.old", "revocation-list.too-old":
      "Pasang yang lebih baru dengan anjungan trust add-crl."
    default: "Tidak ada dokumen dicetak sampai ini dibetulkan."
    }
  }
}
