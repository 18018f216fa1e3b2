import DinasProtocol
import FoundationEssentials
import OfficeModel

/// What the Dinas tells of the office itself, part by part with the number of its last change, and the
/// revocation lists it hands out.
struct OfficeBulletin: Sendable {
  private var parts: [String: (sequence: Int, news: OfficeNews)] = [:]
  private var lists: [String: [UInt8]] = [:]

  /// Replaces the parts that are given.
  mutating func tell(_ news: OfficeNews, _ next: () -> Int) {
    if let services = news.services { put("services", OfficeNews(services: services), next) }
    if let hours = news.hours { put("hours", OfficeNews(hours: hours), next) }
    if let closures = news.closures { put("closures", OfficeNews(closures: closures), next) }
    if let announcements = news.announcements {
      put("announcements", OfficeNews(announcements: announcements), next)
    }
  }

  /// Hands a list out from now on, also in place of an older one of the same name.
  mutating func offer(_ list: [UInt8], as id: String, _ next: () -> Int) {
    lists[id] = list
    let offers = lists.sorted { $0.key < $1.key }.map {
      RevocationListOffer(id: $0.key, sizeBytes: $0.value.count, sha256: WireHash.sha256($0.value))
    }
    put("revocationLists", OfficeNews(revocationLists: offers), next)
  }

  func list(_ id: String) -> [UInt8]? { lists[id] }

  /// The parts that changed in a range of numbers; nil when none did.
  func page(_ range: Range<Int>) -> OfficeNews? {
    let changed = parts.values.filter { range.contains($0.sequence) }
    guard !changed.isEmpty else { return nil }
    return changed.reduce(into: OfficeNews()) { news, part in
      news.services = part.news.services ?? news.services
      news.hours = part.news.hours ?? news.hours
      news.closures = part.news.closures ?? news.closures
      news.announcements = part.news.announcements ?? news.announcements
      news.revocationLists = part.news.revocationLists ?? news.revocationLists
    }
  }

  private mutating func put(_ name: String, _ news: OfficeNews, _ next: () -> Int) {
    parts[name] = (next(), news)
  }

  /// News as a file holds them, under the rules of the API.
  static func read(_ path: String) throws -> OfficeNews {
    let bytes = try readFile(path, limit: DinasAPI.Limit.pageBytes)
    let news: OfficeNews
    do { news = try JSONDecoder().decode(OfficeNews.self, from: Data(bytes)) } catch {
      throw DataProblem("\(path): not news of an office: \(error)")
    }
    do { try news.check() } catch { throw DataProblem("\(path): \(error)") }
    return news
  }
}
