import DinasProtocol
import OfficeModel

/// Applications of nobody, as many as a large Dinas has, to measure and to try a full cache with.
/// Number `index` is the same row on every run but for its `round`, which makes it news.
enum InventedApplications {
  static let limit = 1_000_000

  static func row(_ index: Int, round: Int, today: CivilDate) -> ChangesBody.Application {
    let steps = ApplicationStep.allCases
    let isReturned = index % 16 == 0
    return ChangesBody.Application(
      registrationKey: key("contoh-pendaftaran-\(index)"),
      // Some citizens have two applications.
      nikKey: key("contoh-nik-\(index - index % 4 / 3)"),
      status: ApplicationStatus(
        serviceID: ["kartu-keluarga", "ktp-el", "akta-kelahiran"][index % 3],
        product: ["Kartu Keluarga", "KTP-el", "Kutipan Akta Kelahiran"][index % 3],
        holderMasked: "C***** P***** \(index % 1000)",
        step: steps[(index + round) % steps.count],
        condition: isReturned ? .returned : .moving,
        note: isReturned ? "Contoh: lampiran nomor \(round) belum terbaca" : nil,
        receivedOn: today.adding(days: -(index % 30)), dueOn: today.adding(days: index % 9),
        pickUp: PickUp.allCases[index % PickUp.allCases.count]))
  }

  private static func key(_ text: String) -> String {
    // Spread like a keyed hash, but of nothing secret.
    let hash = Hex.decode(Array(WireHash.sha256(Array(text.utf8)).utf8)) ?? []
    return Base64URL.encode(hash)
  }
}
