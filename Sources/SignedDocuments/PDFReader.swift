internal import CQPDF
internal import Glibc

/// qpdf with one document open, without any repair. A warning of qpdf is a refusal: it would mean
/// that two readers can see two documents. One is none (`isRoomToSpare`).
@safe
final class PDFReader {
  private let qpdf: qpdf_data
  private let bytes: DocumentBytes

  /// The memory must stay while the reader is in use.
  init(_ bytes: DocumentBytes) throws {
    self.bytes = bytes
    guard let handle = unsafe qpdf_init() else { throw Finding.refuse("internal") }
    unsafe qpdf = unsafe handle
    unsafe qpdf_silence_errors(qpdf)
    unsafe qpdf_set_suppress_warnings(qpdf, 1)
    unsafe qpdf_set_attempt_recovery(qpdf, 0)
    let status = unsafe bytes.withUnsafeMemory { memory in
      unsafe qpdf_read_memory(
        qpdf, "document", memory.baseAddress?.assumingMemoryBound(to: CChar.self),
        UInt64(memory.count), nil)
    }
    if unsafe qpdf_is_encrypted(qpdf) != 0 { throw Finding.refuse("encrypted") }
    // Bit 1 is an error, bit 0 a warning.
    guard status & 2 == 0 else { throw complaint() }
    while let warning = unsafe qpdf_next_warning(qpdf) {
      if unsafe !isRoomToSpare(warning) { throw unsafe meaning(warning) ?? damage() }
    }
  }

  /// Whether qpdf says no more than that the cross-reference stream is missing in its own table:
  /// PDFBox, and whoever signs with it, leaves it out, so `/Size` is one larger than it need be.
  private func isRoomToSpare(_ warning: qpdf_error) -> Bool {
    guard let detail = unsafe qpdf_get_error_message_detail(qpdf, warning) else { return false }
    let words = unsafe String(cString: detail).split { "()".contains($0) }
    guard words.count == 4, words[0] == "reported number of objects ",
      words[2] == " is not one plus the highest object number ",
      let size = Int(words[1]), let highest = Int(words[3]), size == highest + 2,
      let table = RevisionEnd(bytes, end: bytes.count)?.startxref
    else { return false }
    let start = Array("\(size - 1) 0 obj".utf8)
    guard table <= bytes.count - start.count else { return false }
    return start.indices.allSatisfy { bytes[table + $0] == start[$0] }
  }

  deinit {
    // An error that nobody fetched would be printed, and it may quote the document.
    _ = unsafe qpdf_get_error(qpdf)
    var handle: qpdf_data? = unsafe qpdf
    unsafe qpdf_cleanup(&handle)
  }

  func requireSilence() throws {
    if unsafe qpdf_has_error(qpdf) != 0 || qpdf_more_warnings(qpdf) != 0 { throw complaint() }
  }

  /// What qpdf complained about. Loops and nesting are attempts to exhaust; the rest is damage,
  /// and a manipulation only where there is a signature.
  func complaint() -> Finding {
    var found: Finding?
    // Each answer of qpdf lasts only until the next question.
    if let error = unsafe qpdf_get_error(qpdf) { found = unsafe meaning(error) }
    while let warning = unsafe qpdf_next_warning(qpdf) {
      found = unsafe found ?? meaning(warning)
    }
    return found ?? damage()
  }

  private func damage() -> Finding {
    Preflight.mentionsSignature(bytes) ? .invalid("malformed_pdf") : .refuse("malformed_pdf")
  }

  private func meaning(_ error: qpdf_error) -> Finding? {
    if unsafe qpdf_get_error_code(qpdf, error) == qpdf_e_password { return .refuse("encrypted") }
    guard let text = unsafe qpdf_get_error_message_detail(qpdf, error) else { return nil }
    return unsafe strstr(text, "loop") != nil || strstr(text, "nested") != nil
      ? .refuse("limits") : nil
  }

  func trailer() throws -> PDFValue {
    let handle = unsafe qpdf_get_trailer(qpdf)
    defer { unsafe qpdf_oh_release(qpdf, handle) }
    return try convert(handle, depth: 0, top: true)
  }

  /// An object, and what `use` makes of its raw bytes when it is a stream; nil when there is none.
  func object<R>(
    _ id: ObjectID, stream use: (UnsafeRawBufferPointer) throws -> R
  ) throws -> (value: PDFValue, stream: R?)? {
    let handle = unsafe qpdf_get_object_by_id(qpdf, id.number, id.generation)
    defer { unsafe qpdf_oh_release(qpdf, handle) }
    switch unsafe qpdf_oh_get_type_code(qpdf, handle) {
    case ot_null, ot_uninitialized: return nil
    case ot_stream:
      let dictionary = unsafe qpdf_oh_get_dict(qpdf, handle)
      defer { unsafe qpdf_oh_release(qpdf, dictionary) }
      return (
        try convert(dictionary, depth: 0, top: true), try unsafe withRawBytes(handle, use)
      )
    default: return (try convert(handle, depth: 0, top: true), nil)
    }
  }

  /// Calls `use` with the stream as it is written, before any filter.
  private func withRawBytes<R>(
    _ handle: qpdf_oh, _ use: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    var buffer: UnsafeMutablePointer<UInt8>?
    var length = 0
    let status = unsafe qpdf_oh_get_stream_data(
      qpdf, handle, qpdf_dl_none, nil, &buffer, &length)
    defer { unsafe free(buffer) }
    guard status == 0 else { throw Finding.invalid("malformed_pdf") }
    return try unsafe use(UnsafeRawBufferPointer(start: buffer, count: length))
  }

  private func convert(_ handle: qpdf_oh, depth: Int, top: Bool = false) throws -> PDFValue {
    try require(depth <= Policy.nestingLimit, .refuse("limits"))
    if !top, unsafe qpdf_oh_is_indirect(qpdf, handle) != 0 {
      return unsafe .reference(
        ObjectID(
          number: qpdf_oh_get_object_id(qpdf, handle),
          generation: qpdf_oh_get_generation(qpdf, handle)))
    }
    switch unsafe qpdf_oh_get_type_code(qpdf, handle) {
    case ot_null: return .null
    case ot_boolean: return unsafe .boolean(qpdf_oh_get_bool_value(qpdf, handle) != 0)
    case ot_integer: return unsafe .integer(qpdf_oh_get_int_value(qpdf, handle))
    case ot_real: return .real(try unsafe text(qpdf_oh_get_real_value(qpdf, handle)))
    case ot_name: return .name(try unsafe name(qpdf_oh_get_name(qpdf, handle)))
    case ot_string:
      var length = 0
      guard let start = unsafe qpdf_oh_get_binary_string_value(qpdf, handle, &length) else {
        throw Finding.invalid("malformed_pdf")
      }
      return unsafe .string(
        [UInt8](UnsafeRawBufferPointer(start: start, count: length)))
    case ot_array:
      let count = unsafe qpdf_oh_get_array_n_items(qpdf, handle)
      var items: [PDFValue] = []
      items.reserveCapacity(Int(count))
      for index in 0..<max(count, 0) {
        let item = unsafe qpdf_oh_get_array_item(qpdf, handle, index)
        defer { unsafe qpdf_oh_release(qpdf, item) }
        items.append(try convert(item, depth: depth + 1))
      }
      return .array(items)
    case ot_dictionary:
      // The keys first: there is one iteration at a time, and values may hold dictionaries.
      var items: [(key: PDFName, item: qpdf_oh)] = []
      defer { for entry in items { unsafe qpdf_oh_release(qpdf, entry.item) } }
      unsafe qpdf_oh_begin_dict_key_iter(qpdf, handle)
      while unsafe qpdf_oh_dict_more_keys(qpdf) != 0 {
        guard let key = unsafe qpdf_oh_dict_next_key(qpdf) else { break }
        items.append((try unsafe name(key), unsafe qpdf_oh_get_key(qpdf, handle, key)))
      }
      var entries = PDFDictionary(minimumCapacity: items.count)
      for entry in items { entries[entry.key] = try convert(entry.item, depth: depth + 1) }
      return .dictionary(entries)
    default:
      throw Finding.invalid("malformed_pdf")
    }
  }

  private func text(_ pointer: UnsafePointer<CChar>?) throws -> [UInt8] {
    guard let pointer = unsafe pointer else { throw Finding.invalid("malformed_pdf") }
    return unsafe Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
  }

  /// Without the leading slash.
  private func name(_ pointer: UnsafePointer<CChar>?) throws -> PDFName {
    guard let pointer = unsafe pointer, unsafe pointer.pointee != 0 else {
      throw Finding.invalid("malformed_pdf")
    }
    return unsafe PDFName(UnsafeRawBufferPointer(start: pointer + 1, count: strlen(pointer) - 1))
  }
}
