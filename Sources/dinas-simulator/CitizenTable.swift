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
    let scans = file.citizens.compactMap { citizen in
      citizen.qr.map { "  \(citizen.name): \($0)" }
    }
    return
      ([file.office.name, "", line(head), rule] + rows.map(line)
      + (scans.isEmpty ? [] : ["", "Isi QR (untuk pemindai):"] + scans)).joined(separator: "\n")
  }
}
