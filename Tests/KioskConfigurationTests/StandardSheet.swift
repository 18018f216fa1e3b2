import Foundation
import OfficeModel
import Synchronization

/// A published standard as text, cut into what a field must carry.
struct StandardSheet {
  struct Row {
    /// The component's name in the table's second column; nil outside of tables.
    var component: String?
    var words: [String]
    var text: String
  }

  var rows: [Row]

  /// Lines of a cell that goes on over a page are joined to their row.
  init(_ text: String) {
    var joined: [String] = []
    for line in text.split(separator: "\n").map(String.init)
    where !line.trimmingCharacters(in: .whitespaces).isEmpty {
      if line.hasPrefix("\t\t"), let last = joined.indices.last {
        joined[last] += " " + line.trimmingCharacters(in: .whitespaces)
      } else {
        joined.append(line)
      }
    }
    rows = joined.map { line in
      let columns = line.components(separatedBy: "\t")
      guard columns.count >= 3 else {
        return Row(component: nil, words: Self.words(line), text: line)
      }
      return Row(
        component: Self.words(columns[1]).joined(separator: " "),
        words: Self.words(columns[2...].joined(separator: " ")), text: line)
    }
  }

  /// Places where the published table ran words together, or read a letter wrongly.
  private static let seams = [
    ("KTP-EI", "KTP-el"), ("KartuTanda", "Kartu Tanda"), ("(KK)b.", "(KK) b."),
    ("Anakc.", "Anak c."), ("Tuad.", "Tua d."), ("Camatb.", "Camat b."), ("KIAc.", "KIA c."),
  ]

  private static let known = Mutex<[String: [String]]>([:])

  /// The words of a text without tags, flow chart syntax, list markers, hyphens and end marks.
  static func words(_ text: String) -> [String] {
    if let words = known.withLock({ $0[text] }) { return words }
    let words = cut(text)
    known.withLock { $0[text] = words }
    return words
  }

  private static func cut(_ text: String) -> [String] {
    var text = text
    for (glued, apart) in seams { text = text.replacingOccurrences(of: glued, with: apart) }
    for (pattern, replacement) in [
      (#"(\b[A-Z] )?<?-->"#, " "), ("graph TD", " "), (#"\b[A-Z]\(?\["#, " "), (#"\]\)?"#, " "),
      ("<[^>]*>", " "), (#"[-–—✓•]"#, " "), (#"\*"#, ""),
    ] {
      text = text.replacingOccurrences(
        of: pattern, with: replacement, options: .regularExpression)
    }
    return text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
      .filter { $0.range(of: #"^([a-z]|\d{1,2})[.)]$"#, options: .regularExpression) == nil }
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ";:,.")) }
      .filter { !$0.isEmpty }
  }
}

/// A sheet held against the fields of a service: every word of the sheet lies in a whole line of the
/// right field or in a whole omission, and every line of a field is on the sheet as often as written.
struct StandardCheck {
  var sheet: StandardSheet
  var fields: [String: [String]]
  var omissions: [String]

  /// Which field carries a component of the table, by the names the offices give it (as words).
  static let carriers: [String: [String]] = {
    let names: [([String], [String])] = [
      (["pelayanan"], ["product"]),
      (["persyaratan", "persyaratan pelayanan"], ["requirements"]),
      (["sistem mekanisme dan prosedur"], ["procedure", "procedureFlow", "pickUpChannels"]),
      (["waktu pelayanan", "jangka waktu pelayanan"], ["timeLimit", "serviceHours"]),
      (["biaya/tarif", "biaya pelayanan", "biaya / tarif"], ["fee"]),
      (["produk pelayanan", "produk layanan"], ["product"]),
      (
        [
          "pengaduan layanan", "penanganan pengaduan saran dan masukan",
          "penanganan aduan saran dan masukan",
        ], ["complaintChannels", "complaintHandling", "complaintContact"]
      ),
      (["dasar hukum"], ["legalBasis"]),
      (
        [
          "sarana dan prasarana", "sarana dan prasarana dan/atau fasilitas",
          "sarana dan prasarana atau fasilitas", "sarana prasarana dan / atau fasilitas",
        ], ["facilities"]
      ),
      (["kompetensi pelaksana", "kompetensi pelayanan"], ["competence"]),
      (["pengawasan internal", "penyelesaian internal"], ["internalSupervision"]),
      (["jumlah pelaksana"], ["staffing"]),
      (["jaminan pelayanan"], ["guarantees"]),
      (["jaminan keamanan dan keselamatan pelayanan"], ["safety"]),
      (["evaluasi kinerja pelaksana", "evaluasi kinerja pelayanan"], ["evaluation"]),
    ]
    return Dictionary(
      names.flatMap { names, fields in names.map { ($0, fields) } }, uniquingKeysWith: { a, _ in a }
    )
  }()

  /// Everything that is lost or added, in words for people; empty when the sheet is kept.
  func complaints() -> [String] {
    var complaints: [String] = []
    var used: [String: Int] = [:]
    for row in sheet.rows {
      var names = ["document", "title"]
      if let component = row.component, component != "komponen" {
        guard let carriers = Self.carriers[component] else {
          complaints.append("no field carries the component '\(component)'")
          continue
        }
        names = carriers
      }
      let atoms = names.flatMap { name in (fields[name] ?? []).map { (name, $0) } }
      guard let path = cover(row.words, with: atoms) else {
        complaints.append("not kept: \(row.text.prefix(160))")
        continue
      }
      for (name, text) in path { used[Self.key(name, text), default: 0] += 1 }
    }
    for (name, texts) in fields {
      for text in texts {
        let written = texts.count { Self.key(name, $0) == Self.key(name, text) }
        let found = used[Self.key(name, text)] ?? 0
        // A heading may stand on the sheet several times.
        let isHeading = ["document", "title", "product"].contains(name)
        if found == 0 || (found != written && !isHeading) {
          complaints.append("\(name): '\(text.prefix(60))' stands \(found) times on the sheet")
        }
      }
    }
    return complaints
  }

  private static func key(_ name: String, _ text: String) -> String {
    name + ": " + StandardSheet.words(text).joined(separator: " ")
  }

  /// Covers the words by whole atoms and omissions, longest first; nil where that is impossible.
  private func cover(_ words: [String], with atoms: [(String, String)]) -> [(String, String)]? {
    let pieces =
      (atoms.map { (words: StandardSheet.words($0.1), atom: Optional($0)) }
      + omissions.map { (words: StandardSheet.words($0), atom: nil) })
      .filter { !$0.words.isEmpty }
      .sorted { $0.words.count > $1.words.count }
    var dead: Set<Int> = []
    func walk(_ from: Int) -> [(String, String)]? {
      if from == words.count { return [] }
      if dead.contains(from) { return nil }
      for piece in pieces where words[from...].starts(with: piece.words) {
        if let rest = walk(from + piece.words.count) {
          return (piece.atom.map { [$0] } ?? []) + rest
        }
      }
      dead.insert(from)
      return nil
    }
    return walk(0)
  }
}

extension ServiceStandard {
  /// The fields that come from a published sheet, by name.
  var sheetFields: [String: [String]] {
    [
      "document": document, "title": [title], "product": [product], "fee": [fee],
      "timeLimit": [timeLimit.text],
      "requirements": requirements.flatMap { ($0.condition.map { [$0] } ?? []) + $0.items },
      "procedure": procedureParts.flatMap { ($0.title.map { [$0] } ?? []) + $0.steps },
      "procedureFlow": procedureFlow, "pickUpChannels": pickUpChannels,
      "complaintChannels": complaintChannels, "complaintHandling": complaintHandling,
      "complaintContact": complaintContact, "serviceHours": serviceHours,
      "legalBasis": legalBasis, "facilities": facilities, "competence": competence,
      "internalSupervision": internalSupervision, "staffing": staffing,
      "guarantees": guarantees, "safety": safety, "evaluation": evaluation,
    ]
  }
}
