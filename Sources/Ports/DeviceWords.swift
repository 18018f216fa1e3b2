public import OfficeModel

// What a device is like right now, in plain words for staff.

extension DeviceFault {
  public var words: Wording {
    let (indonesian, english) =
      switch self {
      case .mediaEmpty: ("kertas habis", "out of paper")
      case .mediaLow: ("kertas hampir habis", "paper is low")
      case .mediaJam: ("kertas tersangkut", "paper jam")
      case .coverOpen: ("penutup terbuka", "its cover is open")
      case .markerSupplyEmpty: ("toner atau tinta habis", "out of toner or ink")
      case .markerSupplyLow: ("toner atau tinta hampir habis", "toner or ink is low")
      case .cutterError: ("pemotong macet", "the cutter is stuck")
      case .needsRestart: ("harus dimatikan dan dinyalakan", "has to be switched off and on")
      case .recovering: ("sedang pulih sendiri", "is recovering by itself")
      case .offline: ("tidak terhubung", "offline")
      case .stopped: ("dijeda", "paused")
      case .busy: ("sedang dipakai", "in use")
      case .notAccepting: ("menolak pekerjaan", "refuses jobs")
      case .jobLeft: ("masih menyimpan dokumen lama", "still holds an earlier document")
      case .outputFull: ("baki keluaran penuh", "the output tray is full")
      case .other: ("ada gangguan", "something is wrong")
      }
    return Wording(indonesian: indonesian, english: english)
  }
}

extension DeviceFact {
  public var words: Wording {
    switch self {
    case .ready: Wording(indonesian: "siap", english: "ready")
    case .attention(let fault), .down(let fault): fault.words
    case .unknown:
      Wording(indonesian: "statusnya tidak terbaca", english: "its status cannot be read")
    case .absent: Wording(indonesian: "tidak dipasang", english: "not configured")
    }
  }
}

extension CardReading {
  public var words: Wording {
    switch self {
    case .empty: Wording(indonesian: "siap", english: "ready")
    case .present(.mute):
      Wording(indonesian: "kartu tidak menjawab", english: "the card does not answer")
    case .present(.error):
      Wording(indonesian: "kartu menjawab salah", english: "the card answers with errors")
    case .present(.ktpEl):
      Wording(indonesian: "siap, ada KTP-el", english: "ready, with a KTP-el on it")
    case .present: Wording(indonesian: "siap, ada kartu", english: "ready, with a card on it")
    case .noReader: Wording(indonesian: "tidak ditemukan", english: "not found")
    case .serviceGone:
      Wording(
        indonesian: "layanan pcscd tidak menjawab", english: "the service pcscd does not answer")
    }
  }
}

extension ScannerState {
  public var words: Wording {
    switch self {
    case .ready: Wording(indonesian: "siap", english: "ready")
    case .absent: Wording(indonesian: "tidak ditemukan", english: "not found")
    case .notPermitted: Wording(indonesian: "tidak boleh dibaca", english: "may not be read")
    case .busy: Wording(indonesian: "dipakai program lain", english: "held by another program")
    case .unusable: Wording(indonesian: "bukan perangkat masukan", english: "no input device")
    }
  }

  /// What a person must do about it; nil when nothing.
  public var advice: Wording? {
    switch self {
    case .ready: nil
    case .absent:
      Wording(
        indonesian: "Pasang pemindai dan periksa kabel USB-nya, atau namanya di konfigurasi.",
        english: "Plug the scanner in and check its USB cable, or its name in the configuration.")
    case .notPermitted:
      Wording(
        indonesian:
          "Beri pengguna anjungan hak membaca perangkat ini: grup input atau aturan udev.",
        english: "Let the kiosk's user read this device: the group input, or a udev rule.")
    case .busy:
      Wording(
        indonesian: "Tutup program lain yang memakai pemindai ini.",
        english: "End the other program that holds this scanner.")
    case .unusable:
      Wording(
        indonesian: "Jalur itu bukan perangkat masukan: perbaiki devices.scanners.",
        english: "This path is no input device: correct devices.scanners.")
    }
  }
}
