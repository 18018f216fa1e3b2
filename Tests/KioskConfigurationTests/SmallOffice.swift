/// The smallest configuration of an office that is right, to be made wrong.
enum SmallOffice {
  static let kiosk = """
    office:
      name: Dinas Contoh
      region: Kabupaten Contoh
      kioskName: Anjungan 1
      zone: WITA
    languages: [id, en]
    hours:
      weekly:
        - days: [monday, tuesday]
          open: "09.00"
          close: "15.00"
          breaks: ["12.00-13.00"]
      shown: [Senin dan Selasa 09.00 – 15.00 WITA]
    display:
      diagonalMillimetres: 610
    devices:
      documentPrinter:
        uri: ipp://printer.example/ipp/print
      ticketPrinter:
        address: 192.0.2.7:9100
    server:
      url: https://api.dinas.example
      kioskID: contoh-1
      tokenFile: secrets/token
      rootsFile: tls/dinas-roots.pem
      clientCertificateFile: tls/kiosk.pem
      clientKeyFile: secrets/kiosk.key
    storage:
      directory: store
      storeKeyFile: secrets/store.key
      lookupKeyFile: secrets/lookup.key
    trust:
      directory: trust
    demonstration: false

    """

  static let service = """
    id: ktp-el
    title: Penerbitan KTP-el
    shortTitle: KTP-el
    series: A
    ticketIdentity: nik
    requirements:
      - condition: WNI
        items: [KK]
    procedure:
      - Serahkan berkas
      - title: Di dinas
        steps: [Periksa, Cetak]
    timeLimit: {amount: 1, unit: workingDays, text: 1 hari kerja}
    fee: Gratis
    product: KTP-el

    """

  /// Writes the office into a folder, each file changed as asked.
  static func folder(
    kiosk change: (String) -> String = { $0 }, service: (String) -> String = { $0 }
  ) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(change(kiosk), to: "kiosk.yaml")
    try folder.write(service(Self.service), to: "services/ktp-el.yaml")
    for shared in ["printers/generic-80.yaml", "tickets/standard.yaml"] {
      try folder.write(try Project.text("kiosk-config/" + shared), to: shared)
    }
    return folder
  }
}
