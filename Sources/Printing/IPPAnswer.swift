internal import CCUPS

/// A response, freed when let go.
@safe struct IPPAnswer: ~Copyable {
  private let response: OpaquePointer
  /// No list of an answer is of use beyond this many values.
  static let valuesLimit = 64
  /// More jobs than a printer of an office can have waiting.
  private static let jobsLimit = 4096

  init(_ response: OpaquePointer) { unsafe self.response = unsafe response }
  deinit { unsafe ippDelete(response) }

  func integer(_ name: String) -> Int? {
    for tag in [IPP_TAG_INTEGER, IPP_TAG_ENUM] {
      if let attribute = unsafe ippFindAttribute(response, name, tag) {
        return Int(unsafe ippGetInteger(attribute, 0))
      }
    }
    return nil
  }

  func integers(_ name: String) -> [Int] {
    guard
      let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_INTEGER)
        ?? ippFindAttribute(response, name, IPP_TAG_ENUM)
    else { return [] }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).map { Int(unsafe ippGetInteger(attribute, Int32($0))) }
  }

  /// Octet strings that are text by their own standard.
  func octets(_ name: String) -> [String] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_STRING) else { return [] }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      var length: Int32 = 0
      guard let bytes = unsafe ippGetOctetString(attribute, Int32(index), &length), length > 0
      else { return nil }
      return unsafe String(
        decoding: UnsafeRawBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
    }
  }

  /// Asked for and known to be nothing, as the time of what has not happened.
  func isWithoutValue(_ name: String) -> Bool {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_ZERO) else {
      return false
    }
    return unsafe ippGetValueTag(attribute) == IPP_TAG_NOVALUE
  }

  func boolean(_ name: String) -> Bool? {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_BOOLEAN) else {
      return nil
    }
    return unsafe ippGetBoolean(attribute, 0) != 0
  }

  /// Every job of an answer to Get-Jobs: one group each, in any order of its attributes.
  func jobs() -> [ListedJob] {
    var found: [ListedJob] = []
    var id: Int32?
    var name: String?
    var documents: Int?
    var ended: Int?
    func endOfGroup() {
      if let id, id > 0, found.count < Self.jobsLimit {
        found.append(ListedJob(id: id, name: name, documents: documents, ended: ended))
      }
      (id, name, documents, ended) = (nil, nil, nil, nil)
    }
    var attribute = unsafe ippFirstAttribute(response)
    while let this = unsafe attribute {
      // Between two groups there is an attribute without a name.
      if let label = unsafe ippGetName(this) {
        switch unsafe String(cString: label) {
        case "job-id": id = unsafe ippGetInteger(this, 0)
        case "number-of-documents": documents = Int(unsafe ippGetInteger(this, 0))
        case "time-at-completed" where unsafe ippGetValueTag(this) == IPP_TAG_INTEGER:
          ended = Int(unsafe ippGetInteger(this, 0))
        case "job-name": name = unsafe ippGetString(this, 0, nil).map { unsafe String(cString: $0) }
        default: break
        }
      } else {
        endOfGroup()
      }
      unsafe attribute = unsafe ippNextAttribute(response)
    }
    endOfGroup()
    return found
  }

  /// Across and down the feed, in dots per inch.
  func resolutions(_ name: String) -> [(Int, Int)] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_RESOLUTION) else {
      return []
    }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      var down: Int32 = 0
      var units = ipp_res_t(rawValue: 0)
      let across = unsafe ippGetResolution(attribute, Int32(index), &down, &units)
      return units == IPP_RES_PER_INCH ? (Int(across), Int(down)) : nil
    }
  }

  func keywords(_ name: String) -> [String] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_ZERO) else { return [] }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      unsafe ippGetString(attribute, Int32(index), nil).map { unsafe String(cString: $0) }
    }
  }
}

/// One job of a list.
struct ListedJob: Equatable {
  var id: Int32
  /// Nil where a server shows the names of jobs to their owners only.
  var name: String?
  /// Documents that are still kept.
  var documents: Int?
  /// On the clock of `printer-up-time`, in seconds.
  var ended: Int?
}
