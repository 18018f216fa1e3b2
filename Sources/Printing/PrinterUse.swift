internal import OfficeModel
internal import Ports

/// Why a printer that is well can print no document of the kiosk: found where it is set up, not by the
/// first citizen.
enum PrinterUse: Equatable {
  case noFormat, noJobs, noA4

  /// Create-Job, Send-Document, Cancel-Job, Get-Job-Attributes and Get-Jobs (RFC 8011).
  private static let operations = [5, 6, 8, 9, 10]

  /// Nil when it can. What a printer does not say is not held against it.
  init?(of uri: String, limit: Duration) throws(IPPError) {
    let connection = try IPPConnection(uri: uri, limit: limit)
    if DocumentFormat(try connection.formats(limit: limit)) == nil {
      self = .noFormat
      return
    }
    let said = try connection.attributes(
      ["operations-supported", "media-supported"], limit: limit)
    let operations = said.integers("operations-supported")
    let media = said.keywords("media-supported")
    if !operations.isEmpty, !Self.operations.allSatisfy(operations.contains) {
      self = .noJobs
    } else if !media.isEmpty, media.count < IPPAnswer.valuesLimit,
      !media.contains(IPPConnection.a4)
    {
      self = .noA4
    } else {
      return nil
    }
  }

  var report: DeviceReport {
    let words: DeviceReport.Advice =
      switch self {
      case .noFormat:
        .init(
          indonesian: "tidak menerima PDF maupun PWG raster",
          english: "it takes neither PDF nor PWG raster")
      case .noJobs:
        .init(
          indonesian: "tidak mengenal pekerjaan IPP (Create-Job)",
          english: "it lacks the operations of IPP jobs (Create-Job)")
      case .noA4: .init(indonesian: "tidak mengenal kertas A4", english: "it does not know A4")
      }
    return DeviceReport(
      name: "document printer", found: false, state: words.english, words: words,
      advice: .init(
        indonesian: "Tidak ada dokumen yang bisa dicetak di sini: pakai antrean CUPS dengan driver "
          + "(queue), atau printer lain.",
        english: "No document can be printed here: use a CUPS queue with a driver (queue), or "
          + "another printer."))
  }
}
