public import OfficeModel

/// What `doctor` says about one device: asked now, by the driver that the kiosk uses.
public struct DeviceReport: Sendable, Equatable {
  public typealias Advice = Wording

  public var name: String
  /// Something answers there.
  public var found: Bool
  /// It can do nothing as it is.
  public var isDown: Bool
  /// A word or two, e.g. `ready`, `media-empty`, and what the last call said when it failed.
  public var state: String
  /// The same in words for staff.
  public var words: Wording
  /// Nil when nothing needs to be done.
  public var advice: Advice?

  public init(name: String, found: Bool, state: String, words: Wording? = nil, advice: Advice?) {
    self.name = name
    self.found = found
    isDown = !found
    self.state = state
    self.words = words ?? Wording(state)
    self.advice = advice
  }

  /// - Parameter detail: the last failed call, where one failed.
  public init(printer name: String, fact: DeviceFact, detail: String? = nil) {
    let isFound =
      switch fact {
      case .ready, .attention: true
      case .down(let fault): fault != .offline
      case .unknown, .absent: false
      }
    let word =
      switch fact {
      case .ready: "ready"
      case .attention(let fault), .down(let fault): fault.rawValue
      case .unknown: "unknown"
      case .absent: "not configured"
      }
    let advice: Advice? =
      switch fact {
      case .ready, .absent: nil
      case .attention(let fault), .down(let fault): fault.advice
      case .unknown:
        Advice(
          indonesian: "Status printer tidak terbaca: periksa alamatnya di konfigurasi.",
          english: "Its status cannot be read: check its address in the configuration.")
      }
    self.init(
      name: name, found: isFound, state: detail.map { "\(word) (\($0))" } ?? word,
      words: fact.words, advice: advice)
    if case .down = fact { isDown = true }
  }

  /// Causes beside the one that was told: each has to be seen to.
  public mutating func add(_ faults: [DeviceFault]) {
    for fault in faults {
      state += ", " + fault.rawValue
      words.indonesian += ", " + fault.words.indonesian
      words.english += ", " + fault.words.english
      advice?.indonesian += " " + fault.advice.indonesian
      advice?.english += " " + fault.advice.english
    }
  }

  /// - Parameter reading: nil when PC/SC has said nothing in time.
  public init(cardReader reading: CardReading?, detail: String? = nil) {
    let (word, advice): (String, Advice?) =
      switch reading {
      case .empty: ("ready", nil)
      case .present(.mute), .present(.error):
        (
          reading == .present(.mute) ? "card does not answer" : "card answers with errors",
          Advice(
            indonesian: "Angkat kartu lalu tempelkan lagi.",
            english: "Take the card off and put it on again.")
        )
      case .present(let kind): ("ready, card: \(kind.rawValue)", nil)
      case .noReader:
        (
          "no reader",
          Advice(
            indonesian: "Pasang pembaca kartu dan periksa kabel USB-nya.",
            english: "Plug the card reader in and check its USB cable.")
        )
      case .serviceGone, nil:
        (
          "pcscd does not answer",
          Advice(
            indonesian: "Jalankan layanan pcscd; tanpa itu kartu tidak terbaca.",
            english: "Start the service pcscd; without it cards are not noticed.")
        )
      }
    let isFound =
      switch reading {
      case .empty, .present: true
      case .noReader, .serviceGone, nil: false
      }
    self.init(
      name: "card reader", found: isFound, state: detail.map { "\(word) (\($0))" } ?? word,
      words: (reading ?? .serviceGone).words, advice: advice)
  }
}

extension DeviceReport {
  /// A device that the kiosk has for itself is well.
  public init(heldByKiosk name: String) {
    self.init(
      name: name, found: true, state: "held by the kiosk that is open",
      words: Wording(
        indonesian: "dipakai anjungan yang terbuka", english: "held by the kiosk that is open"),
      advice: nil)
  }

  /// - Parameter label: the scanner as the configuration names it.
  public init(scanner label: String, state: ScannerState) {
    self.init(
      name: "scanner \(label)", found: state == .ready || state == .busy, state: state.rawValue,
      words: state.words, advice: state.advice)
  }
}

extension DeviceFault {
  /// What a person must do about it.
  public var advice: DeviceReport.Advice {
    let (indonesian, english) =
      switch self {
      case .mediaEmpty: ("Isi kertas.", "Put paper in.")
      case .mediaLow: ("Kertas hampir habis: siapkan isi ulang.", "Paper is low: have more ready.")
      case .mediaJam:
        ("Kertas tersangkut: buka penutup dan keluarkan.", "Paper jam: open and take it out.")
      case .coverOpen: ("Tutup penutup printer.", "Close the printer's cover.")
      case .markerSupplyEmpty: ("Ganti toner atau tinta.", "Replace toner or ink.")
      case .markerSupplyLow:
        ("Toner atau tinta hampir habis: siapkan pengganti.", "Toner or ink is low: have it ready.")
      case .cutterError:
        (
          "Pemotong macet: buka penutup, bersihkan, nyalakan ulang.",
          "The cutter is stuck: open, clear it, switch off and on."
        )
      case .needsRestart:
        (
          "Matikan printer, tunggu sebentar, nyalakan lagi. Jika tetap, panggil teknisi.",
          "Switch it off, wait a moment, switch it on. If it stays, call a technician."
        )
      case .recovering:
        (
          "Tunggu: printer pulih sendiri, biasanya karena terlalu panas.",
          "Wait: it recovers by itself, mostly from being too hot."
        )
      case .offline:
        (
          "Periksa listrik, kabel, dan jaringan printer.",
          "Check the printer's power, cable and network."
        )
      case .stopped:
        ("Printer dijeda: tekan lanjutkan di panelnya.", "It is paused: resume it at its panel.")
      case .busy: ("Printer sedang dipakai: tunggu sebentar.", "It is in use: wait a moment.")
      case .notAccepting:
        (
          "Printer menolak pekerjaan: periksa panel dan pengaturannya.",
          "It refuses jobs: check its panel and settings."
        )
      case .jobLeft:
        (
          "Printer masih menyimpan dokumen lama: batalkan di panelnya, jangan isi kertas dulu.",
          "It still holds an earlier document: cancel it at its panel before paper is put in."
        )
      case .outputFull: ("Ambil kertas dari baki keluaran.", "Empty the output tray.")
      case .other:
        ("Lihat pesan di layar printer.", "See the message on the printer's own display.")
      }
    return DeviceReport.Advice(indonesian: indonesian, english: english)
  }
}
