/// Who can be played, as a table for a terminal.
enum CitizenTable {
  static func render(_ file: OfficeFile) -> String {
    let head = ["NIK", "PIN", "No. pendaftaran", "Nama", "Memperlihatkan"]
    let rows = file.citizens.map { citizen in
      [
        citizen.nik, citizen.pin ?? "-",
        citizen.applications?.first?.registration ?? "-", citizen.name, citizen.shows,
      ]
    }
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { index, cell in
        index == cells.count - 1
          ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
      }
      return padded.joined(separator: "  ")
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    let documents = file.citizens.flatMap { citizen in
      (citizen.documents ?? []).map { (citizen.name, $0) }
    }
    let scans =
      file.citizens.compactMap { citizen in citizen.qr.map { "  \(citizen.name): \($0)" } }
      + documents.compactMap { name, document in
        document.printQR.map { "  \(name), \(document.kind): \($0)" }
      }
    let pins = documents.compactMap { name, document in
      document.printPIN.map { "  \(name), \(document.kind): \($0)" }
    }
    return
      ([file.office.name, "", line(head), rule] + rows.map(line)
      + section("PIN cetak (satu dokumen, satu kali):", pins)
      + section("Isi QR (untuk pemindai):", scans)).joined(separator: "\n")
  }

  private static func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines
  }
}
