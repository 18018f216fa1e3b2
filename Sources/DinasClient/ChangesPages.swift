internal import DinasProtocol
internal import OfficeModel
public import Ports

extension DinasClient {
  /// A page of `GET /v1/changes`, decoded and checked, as the use cases know it. Throws `malformed`
  /// with the field that breaks a rule.
  public static func changesPage(_ bytes: [UInt8]) throws(PortError) -> ChangesPage {
    do {
      return ChangesPage(try Wire.decode(ChangesBody.self, from: bytes))
    } catch {
      throw PortError(
        .malformed, step: "GET \(DinasAPI.Path.changes)", detail: error.description)
    }
  }
}

extension ChangesPage {
  init(_ body: ChangesBody) {
    self.init(
      cursor: body.cursor, hasMore: body.hasMore, serverTime: body.serverTime,
      applications: body.applications.map {
        .init(
          registration: LookupKey(value: $0.registrationKey),
          nik: LookupKey(value: $0.nikKey), status: $0.status)
      },
      documents: body.documents.map {
        .init(
          id: $0.id, nik: LookupKey(value: $0.nikKey),
          document: $0.offer.map {
            CachedDocument(
              summary: $0.summary, sealedBytes: $0.sealed?.sizeBytes ?? 0,
              sealedSHA256: $0.sealed?.sha256 ?? "", lease: $0.lease, offline: $0.offline)
          })
      },
      nowServing: body.nowServing.map {
        NowServing(number: $0.number, counter: $0.counter, isPriority: $0.isPriority)
      }, queue: body.queue, office: body.office)
  }
}
