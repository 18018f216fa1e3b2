import Foundation
import KioskConfiguration
import OfficeModel
import Testing

@Suite("Problems of a configuration")
struct ProblemTests {
  /// `line:column: message` of every problem in `kiosk.yaml` or a service after one replacement.
  private func problems(_ old: String, _ new: String) throws -> [String] {
    let folder = try SmallOffice.folder(
      kiosk: { $0.replacingOccurrences(of: old, with: new) },
      service: { $0.replacingOccurrences(of: old, with: new) })
    return KioskConfiguration.check(path: folder.path).map {
      $0.description.replacingOccurrences(of: folder.path, with: "")
        .replacingOccurrences(of: "/kiosk.yaml:", with: "")
        .replacingOccurrences(of: "/services/", with: "")
    }
  }

  @Test("the small office is right")
  func right() throws {
    #expect(try problems("nothing-of-this", "") == [])
    let folder = try SmallOffice.folder()
    let loaded = try KioskConfiguration.load(path: folder.path)
    #expect(loaded.settings.healthAddress.description == "127.0.0.1:8077")
    #expect(loaded.settings.services.first?.procedure == ["Serahkan berkas", "Periksa", "Cetak"])
    #expect(loaded.settings.calendar.regular[.monday].map(\.opens) == [540, 780])
  }

  @Test("a typing error in a key is told with its line and the key that was meant")
  func typingError() throws {
    #expect(
      try problems("kioskName:", "kiosName:") == [
        "2:3: 'office.kioskName' is missing",
        "4:3: unknown key 'office.kiosName'; did you mean 'kioskName'?",
      ])
  }

  @Test(
    "one wrong value, one problem, at its place",
    arguments: [
      (
        "zone: WITA", "zone: WIBB", "5:9: office.zone is one of WIB, WITA, WIT; did you mean 'WIB'?"
      ),
      (
        "open: \"09.00\"", "open: \"25.00\"",
        "10:13: hours.weekly[1].open is a time of day such as 09.00"
      ),
      (
        "close: \"15.00\"", "close: \"08.00\"",
        "11:14: hours.weekly[1].close lies after open"
      ),
      (
        "12.00-13.00", "12.00-16.00",
        "12:15: hours.weekly[1].breaks lie inside the hours, one by one"
      ),
      (
        "[monday, tuesday]", "[monday, monday]",
        "9:7: hours.weekly[1] overlaps other hours of monday"
      ),
      (
        "[monday, tuesday]", "[senin]",
        "9:13: hours.weekly[1].days holds monday, tuesday, wednesday, thursday, friday, saturday, "
          + "sunday"
      ),
      (
        "diagonalMillimetres: 610", "diagonalMillimetres: 24 inch",
        "15:24: display.diagonalMillimetres is a whole number"
      ),
      (
        "diagonalMillimetres: 610", "diagonalMillimetres: 61",
        "15:24: display.diagonalMillimetres lies between 254 and 2160"
      ),
      ("demonstration: false", "demonstration: no", "34:16: demonstration is true or false"),
      ("[id, en]", "[en, id]", "6:12: languages begins with id (Indonesian)"),
      ("[id, en]", "id", "6:12: languages is a list, not a single value"),
      ("[id, en]", "[id, id]", "6:12: languages names a language twice"),
      (
        "https://api.dinas.example", "http://api.dinas.example",
        "22:8: server.url uses plain HTTP beyond this machine; use https"
      ),
      (
        "https://api.dinas.example", "http://127.0.0.1:8080",
        "22:8: server.url uses plain HTTP outside a demonstration; use https"
      ),
      (
        "https://api.dinas.example", "http://127.0.0.1.evil.example",
        "22:8: server.url uses plain HTTP beyond this machine; use https"
      ),
      (
        "https://api.dinas.example", "https://user:word@api.dinas.example",
        "22:8: server.url is an address such as https://api.dinas.example"
      ),
      (
        "https://api.dinas.example", "http://localhost:8080",
        "22:8: server.url uses plain HTTP beyond this machine; use https"
      ),
      (
        "https://api.dinas.example", "https://api.dinas.example/v1",
        "22:8: server.url is an address such as https://api.dinas.example"
      ),
      (
        "  rootsFile: tls/dinas-roots.pem\n", "",
        "22:3: rootsFile, clientCertificateFile, clientKeyFile are all three needed"
      ),
      (
        "directory: trust", "directory: trust\n  policy: demonstration",
        "34:11: demonstration trust is allowed only under 'demonstration: true'"
      ),
      (
        "demonstration: false", "demonstration: false\nsceneSocket: s",
        "35:14: sceneSocket is allowed only under 'demonstration: true'"
      ),
      (
        "ipp://printer.example", "file:///etc/passwd",
        "18:10: devices.documentPrinter.uri is an address such as "
          + "ipp://printer.example/ipp/print"
      ),
      (
        "  documentPrinter:\n", "  secondDocumentPrinter:\n",
        "18:5: devices.secondDocumentPrinter needs a first one"
      ),
      (
        "  ticketPrinter:\n",
        "  secondDocumentPrinter:\n    uri: ipp://two.example/ipp/print\n"
          + "    name: utama\n  ticketPrinter:\n",
        "20:5: the two document printers have the same name"
      ),
      (
        "  ticketPrinter:\n",
        "  secondDocumentPrinter:\n    uri: ipp://printer.example/ipp/print\n  ticketPrinter:\n",
        "20:5: the two document printers are one and the same"
      ),
      (
        "ipp/print\n", "ipp/print\n    name: Lantai Satu\n",
        "19:11: devices.documentPrinter.name consists of small letters, digits and hyphens, "
          + "at most 16"
      ),
      (
        "ipp://printer.example/ipp/print", "ipp://localhost/printers/kiosk",
        "18:10: devices.documentPrinter.uri is the printer's own address; "
          + "name a queue of CUPS with 'queue'"
      ),
      (
        "uri: ipp://printer.example/ipp/print",
        "uri: ipp://printer.example/ipp/print\n    queue: kiosk",
        "18:5: devices.documentPrinter has either 'uri', the printer itself, or 'queue'; "
          + "an overlay takes the other away by leaving it empty"
      ),
      (
        "uri: ipp://printer.example/ipp/print", "media: iso_a4_210x297mm",
        "18:5: devices.documentPrinter has either 'uri', the printer itself, or 'queue'"
      ),
      (
        "ipp/print\n", "ipp/print\n    media: na_letter_8.5x11in\n",
        "19:12: devices.documentPrinter.media is iso_a4_210x297mm: nothing else is printed on"
      ),
      (
        "uri: ipp://printer.example/ipp/print", "queue: a/b",
        "18:12: devices.documentPrinter.queue is the name of a queue, as lpstat -e lists it"
      ),
      (
        "uri: ipp://printer.example/ipp/print", "queue: kiosk\n    server: tamu:rahasia@localhost",
        "19:13: devices.documentPrinter.server is HOST, HOST:PORT or the path of a socket"
      ),
      (
        "ipp://printer.example/ipp/print", "ipp://localhost/%70rinters%2fkiosk",
        "18:10: devices.documentPrinter.uri is the printer's own address; "
          + "name a queue of CUPS with 'queue'"
      ),
      (
        "uri: ipp://printer.example/ipp/print",
        "uri: ipp://printer.example/ipp/print\n    server: localhost:631",
        "19:13: devices.documentPrinter.server goes with 'queue' only"
      ),
      (
        "192.0.2.7:9100", "192.0.2.7:99100",
        "20:14: devices.ticketPrinter.address is HOST:PORT or the path of a device"
      ),
      (
        "kioskID: contoh-1", "kioskID: Contoh 1",
        "23:12: server.kioskID consists of small letters, digits and hyphens, at most 40"
      ),
      (
        "tokenFile: secrets/token", "token: 0123456789",
        "24:3: 'server.token': a secret is never written in a configuration; "
          + "put it in a file and name that with 'tokenFile'"
      ),
      (
        "tokenFile: secrets/token", "tokenFile: 8b5cdd9f10e24e5c8b5cdd9f10e24e5c",
        "24:14: server.tokenFile names a file; a secret is never written in a configuration"
      ),
      (
        "tokenFile: secrets/token", "tokenFile: credential:../token",
        "24:14: server.tokenFile is credential: and the name of a systemd credential"
      ),
      ("name: Dinas Contoh", "name:", "2:3: 'office.name' is missing"),
      (
        "name: Dinas Contoh", "name: {a: b}",
        "2:9: office.name is a single value, not a table of keys"
      ),
      ("name: Dinas Contoh", "name: \"  \"", "2:9: office.name is empty"),
      ("series: A", "series: a1", "ktp-el.yaml:4:9: series is one to three capital letters"),
      (
        "shortTitle: KTP-el", "shortTitle: Kartu Tanda Penduduk E",
        "ktp-el.yaml:3:13: shortTitle has at most three words"
      ),
      (
        "ticketIdentity: nik", "ticketIdentity: NIK",
        "ktp-el.yaml:5:17: ticketIdentity is one of none, nik, booking; did you mean 'nik'?"
      ),
      ("items: [KK]", "items: []", "ktp-el.yaml:8:12: requirements[1].items is an empty list"),
      (
        "unit: workingDays", "unit: jam",
        "ktp-el.yaml:13:30: timeLimit.unit is one of minutes, days, workingDays"
      ),
      (
        "fee: Gratis", "standard: none\nnotice: Tanya petugas\nfee: Gratis",
        "ktp-el.yaml:6:1: unknown key 'requirements'"
      ),
    ])
  func oneProblem(_ old: String, _ new: String, _ expected: String) throws {
    let found = try problems(old, new)
    #expect(found.contains(expected), "found \(found)")
    // What follows from the first is allowed only where it is meant: a missing token, other keys.
    if !new.contains("standard: none"), !new.hasPrefix("token:"), !new.hasPrefix("tokenFile: 8b") {
      #expect(found.count == 1, "found \(found)")
    }
  }

  @Test("a secret written as a value is never repeated")
  func secretIsNotRepeated() throws {
    for (old, new) in [
      ("tokenFile: secrets/token", "token: hunter2hunter2"),
      ("tokenFile: secrets/token", "tokenFile: hunter2hunter2hunter2hunter2"),
      ("tokenFile: secrets/token", "tokenFile: aHVudGVyMi/hunter2=="),
      ("tokenFile: secrets/token", "tokenFile: hunter2 is my word"),
      ("tokenFile: secrets/token", "tokenFile: [hunter2]"),
      ("zone: WITA", "zone: hunter2"), ("open: \"09.00\"", "open: hunter2"),
      ("192.0.2.7:9100", "hunter2@192.0.2.7:9100"), ("https://api", "https://u:hunter2@api"),
      ("id: ktp-el", "id: hunter2 hunter2"),
    ] {
      let found = try problems(old, new)
      #expect(!found.isEmpty)
      #expect(!found.contains { $0.contains("hunter2") })
    }
  }

  @Test("the week of Ramadan counts on its days only")
  func ramadan() throws {
    let folder = try SmallOffice.folder(kiosk: {
      $0.replacingOccurrences(
        of: "hours:\n",
        with: """
          hours:
            ramadan:
              weekly: [{days: [monday], open: "08.00", close: "14.00"}]
              periods: [{first: 2027-02-08, last: 2027-03-09}]

          """)
    })
    let calendar = try KioskConfiguration.load(path: folder.path).settings.calendar
    let inside = try #require(CivilDate("2027-02-08"))
    let after = try #require(CivilDate("2027-03-15"))
    #expect(calendar.intervals(on: inside).map(\.opens) == [480])
    #expect(calendar.intervals(on: inside.adding(days: 1)) == [])
    #expect(calendar.intervals(on: after).map(\.opens) == [540, 780])
  }

  @Test("a text longer than the glass takes is refused")
  func novel() throws {
    let long = String(repeating: "panjang ", count: 60)
    #expect(
      try problems("name: Dinas Contoh", "name: \(long)akhir") == [
        "2:9: office.name has 485 characters; at most 80 are allowed"
      ])
  }

  @Test("two services with one id or one series are refused")
  func duplicates() throws {
    let folder = try SmallOffice.folder()
    try folder.write(SmallOffice.service, to: "services/lagi.yaml")
    let found = KioskConfiguration.check(path: folder.path).map(\.message)
    #expect(
      found == [
        "another service has the id 'ktp-el'",
        "the service 'ktp-el' has the same series: two queues would give the same number",
      ])
  }

  @Test(
    "a series that is another service's in the priority lane is refused; one that begins alike is not"
  )
  func clashes() throws {
    let folder = try SmallOffice.folder()
    func service(_ id: String, _ series: String) -> String {
      "id: \(id)\ntitle: X\nshortTitle: X\nseries: \(series)\nproduct: X\nstandard: none\nnotice: X\n"
    }
    try folder.write(service("lain", "AB"), to: "services/lain.yaml")
    #expect(KioskConfiguration.check(path: folder.path) == [])
    try folder.write(service("prioritas", "PA"), to: "services/prioritas.yaml")
    let found = KioskConfiguration.check(path: folder.path)
    #expect(found.count == 1)
    #expect(found.first?.message.hasPrefix("the priority lane of 'ktp-el'") == true)
    #expect(found.first?.line == 4)
  }

  @Test("a quota is read, and one that cannot be is told with its place")
  func quota() throws {
    let folder = try SmallOffice.folder()
    try folder.write(
      "id: kk\ntitle: KK\nshortTitle: KK\nseries: C\nproduct: KK\nstandard: none\nnotice: X\n"
        + "quota: {day: 60, morning: 35, afternoonFrom: \"12.30\"}\n", to: "services/kk.yaml")
    let settings = try KioskConfiguration.load(path: folder.path).settings
    #expect(
      settings.services.first { $0.id == "kk" }?.quota
        == ServiceQuota(day: 60, morning: 35, afternoonFrom: 750))
    try folder.write(
      "id: kk\ntitle: KK\nshortTitle: KK\nseries: C\nproduct: KK\nstandard: none\nnotice: X\n"
        + "quota: {day: 0, afternoonFrom: siang}\n", to: "services/kk.yaml")
    #expect(
      KioskConfiguration.check(path: folder.path).map(\.message) == [
        "quota.day lies between 1 and 9999",
        "quota.afternoonFrom is a time of day such as 12.00",
      ])
  }

  @Test("problems of all files and all sections come in one go, in their order")
  func together() throws {
    let folder = try SmallOffice.folder(
      kiosk: {
        $0.replacingOccurrences(of: "WITA\n", with: "UTC\n")
          .replacingOccurrences(of: "610", with: "sepuluh")
          .replacingOccurrences(of: "secrets/store.key", with: "")
      },
      service: { $0.replacingOccurrences(of: "fee", with: "biaya") })
    let found = KioskConfiguration.check(path: folder.path)
    #expect(found.map(\.line) == [5, 15, 29, 1, 14])
    #expect(found.last?.file.hasSuffix("services/ktp-el.yaml") == true)
  }

  @Test("no services, no file and no folder are problems, not crashes")
  func missing() throws {
    let folder = try SmallOffice.folder()
    try FileManager.default.removeItem(at: folder.url.appending(path: "services/ktp-el.yaml"))
    #expect(
      KioskConfiguration.check(path: folder.path).map(\.message) == [
        "there is no service file (services/*.yaml)"
      ])
    let nowhere = KioskConfiguration.check(path: folder.path + "/nowhere.yaml")
    #expect(nowhere.first?.message == "cannot be opened: there is no such file")
    let device = KioskConfiguration.check(path: "/dev/zero")
    #expect(device.contains { $0.message == "is not a regular file" })
  }

  @Test("a key written twice is told at its second line")
  func writtenTwice() throws {
    #expect(
      try problems("  region: Kabupaten Contoh", "  region: A\n  region: B") == [
        "4:3: the key 'region' is written twice"
      ])
  }

  @Test("closures come from a file of their own and are checked there")
  func closures() throws {
    let folder = try SmallOffice.folder(kiosk: {
      $0.replacingOccurrences(of: "hours:\n", with: "hours:\n  closures: libur.yaml\n")
    })
    try folder.write(
      """
      closures:
        - {first: 2026-12-24, last: 2026-12-25, kind: nationalHoliday, reason: Natal}
      """, to: "libur.yaml")
    let calendar = try KioskConfiguration.load(path: folder.path).settings.calendar
    #expect(calendar.closures.map(\.reason) == ["Natal"])
    try folder.write(
      """
      closures:
        - {first: 2026-02-30, kind: libur, reason: Natal}
        - {first: 2026-12-25, last: 2026-12-24, kind: special, reason: Natal}
      """, to: "libur.yaml")
    #expect(
      KioskConfiguration.check(path: folder.path).map { "\($0.line):\($0.column): \($0.message)" }
        == [
          "2:13: closures[1].first is a date that exists, written YYYY-MM-DD",
          "2:31: closures[1].kind is one of nationalHoliday, collectiveLeave, special",
          "3:31: closures[2].last lies before first",
        ])
  }
}
