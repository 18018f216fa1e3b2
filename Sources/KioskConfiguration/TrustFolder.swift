/// Examines the folder of certificates that a kiosk believes, by what the files hold.
public enum TrustFolder {
  static let certificateBytesLimit = 1 << 20
  static let endings = [".pem", ".crt", ".cer", ".der"]

  /// What is wrong with the folder; empty when it is right.
  public static func examine(_ trust: TrustSettings, isDemonstration: Bool) -> [TrustFinding] {
    guard BoundedFile.isDirectory(trust.directory) else {
      return [TrustFinding(.noFolder, file: trust.directory)]
    }
    var findings: [TrustFinding] = []
    var demonstration: [String] = []
    var others: [String] = []
    for (part, nothing) in [("roots", TrustFinding.Kind.noRoots), ("issuers", .noIssuers)] {
      let folder = PathText.join(trust.directory, part)
      let names = BoundedFile.names(in: folder, endings: endings) ?? []
      if names.isEmpty { findings.append(TrustFinding(nothing, file: folder)) }
      for name in names {
        let file = PathText.join(folder, name)
        guard let bytes = try? BoundedFile.bytes(at: file, limit: certificateBytesLimit) else {
          findings.append(TrustFinding(.unreadable, file: file))
          continue
        }
        let certificates = CertificateFile.certificates(in: bytes)
        if certificates.isEmpty { findings.append(TrustFinding(.noCertificate, file: file)) }
        if certificates.contains(where: DemonstrationTrust.holds) { demonstration.append(file) }
        if !certificates.allSatisfy(DemonstrationTrust.holds) { others.append(file) }
      }
    }
    if !isDemonstration {
      findings += demonstration.map { TrustFinding(.demonstration, file: $0) }
    } else if !demonstration.isEmpty {
      findings += others.map { TrustFinding(.mixture, file: $0) }
    }
    return findings
  }
}

/// One thing that is wrong with a trust folder.
public struct TrustFinding: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case noFolder, noRoots, noIssuers, unreadable, noCertificate
    /// A certificate of the demonstration, and the kiosk is none.
    case demonstration
    /// Another certificate beside those of the demonstration.
    case mixture
  }

  public let kind: Kind
  /// The file or folder that it is about.
  public let file: String

  init(_ kind: Kind, file: String) {
    self.kind = kind
    self.file = file
  }

  /// What was found, naming the file.
  public var state: String {
    switch kind {
    case .noFolder: "no roots: there is no folder \(file)"
    case .noRoots: "no roots in \(file)"
    case .noIssuers: "no issuers in \(file)"
    case .unreadable: "\(file) cannot be read"
    case .noCertificate: "no certificate in \(file)"
    case .demonstration: "\(file) is a certificate of the demonstration"
    case .mixture: "\(file) lies beside certificates of the demonstration"
    }
  }

  public var advice: String {
    switch kind {
    case .noFolder, .noRoots, .noIssuers:
      "Install the roots and issuers as kiosk-config/trust/README.md says."
    case .unreadable: "Let the kiosk's user read the file; at most 1 MiB."
    case .noCertificate: "Put a certificate there, PEM or DER, or take the file out."
    case .demonstration:
      "Take it out: anybody could have its key. It is for 'demonstration: true' alone."
    case .mixture: "Give the demonstration a folder of its own."
    }
  }

  public var indonesianAdvice: String {
    switch kind {
    case .noFolder, .noRoots, .noIssuers:
      "Pasang akar dan penerbit seperti tertulis di kiosk-config/trust/README.md."
    case .unreadable: "Beri pengguna anjungan hak membaca berkas itu; paling besar 1 MiB."
    case .noCertificate: "Taruh sertifikat di sana, PEM atau DER, atau keluarkan berkas itu."
    case .demonstration:
      "Keluarkan: siapa pun bisa punya kuncinya. Hanya untuk 'demonstration: true'."
    case .mixture: "Beri peragaan folder sendiri."
    }
  }

  /// Whether a configuration is wrong with it. A folder that is not there, or that somebody else may
  /// read, says nothing: a configuration is also checked on other machines than its kiosk.
  var isProblem: Bool { kind != .noFolder && kind != .unreadable }
}
