/// The characters behind the bytes 80…FF of a ticket printer. Bytes below are ASCII with all of them.
public enum CodePage: String, Hashable, Sendable, CaseIterable {
  /// Every printer's; letters lose their accents.
  case ascii
  case cp437
  /// As cp858, with a dotless i where that has the euro.
  case cp850
  case cp858
  case cp1252

  /// Never a control byte: text from outside cannot command the printer. What the page does not have
  /// loses its accent or becomes the nearest plain sign; for the rest stands a question mark.
  public func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      if (0x20...0x7E).contains(scalar.value) { return [UInt8(scalar.value)] }
      if let byte = Self.encoding[self]?[scalar] { return [byte] }
      if let plain = Self.plain[scalar] { return Array(plain.utf8) }
      // Accents that stand as scalars of their own.
      if (0x300...0x36F).contains(scalar.value) { return [] }
      return [scalar.properties.isWhitespace ? 0x20 : 0x3F]
    }
  }

  /// What the printer draws for a byte.
  public func character(of byte: UInt8) -> Unicode.Scalar {
    if byte < 0x80 { return Unicode.Scalar(byte) }
    return upperHalf[safe: Int(byte) - 0x80] ?? "?"
  }

  private var upperHalf: [Unicode.Scalar] {
    switch self {
    case .ascii: []
    case .cp437: Self.cp437Half
    case .cp850: Self.cp850Half
    case .cp858: Self.cp858Half
    case .cp1252: Self.cp1252Half
    }
  }

  private static let encoding: [CodePage: [Unicode.Scalar: UInt8]] = Dictionary(
    uniqueKeysWithValues: allCases.map { page in
      var table: [Unicode.Scalar: UInt8] = [:]
      // Unused bytes, and two signs that are only there to be invisible.
      for (index, scalar) in page.upperHalf.enumerated()
      where !["\u{FFFD}", "\u{A0}", "\u{AD}"].contains(scalar) {
        table[scalar] = UInt8(0x80 + index)
      }
      return (page, table)
    })

  /// Each group begins with what stands for the rest of it.
  private static let plain: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = ["…": "...", "€": "EUR", "\u{AD}": "", "\u{A0}": " "]
    for group in [
      "AÀÁÂÃÄÅĀĂĄ", "CÇĆČ", "DĎĐḌ", "EÈÉÊËĒĔĖĘĚ", "GĞ", "IÌÍÎÏĪĬİ", "LŁ", "NÑŃŇ", "OÒÓÔÕÖØŌŎŐ",
      "RŘ", "SŚŞŠ", "TŤṬ", "UÙÚÛÜŪŬŮŰ", "YÝŸ", "ZŹŻŽ", "aàáâãäåāăą", "cçćč", "dďđḍ",
      "eèéêëēĕėęě", "gğ", "iìíîïīĭı", "lł", "nñńň", "oòóôõöøōŏő", "rř", "sśşš", "tťṭ",
      "uùúûüūŭůű", "yýÿ", "zźżž", "-‐‑‒–—―−•·", "'‘’‚ʼ", "\"“”„«»", "x×",
    ] {
      for scalar in group.unicodeScalars.dropFirst() { table[scalar] = String(group.prefix(1)) }
    }
    return table
  }()

  private static let cp437Half = half(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
      + "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
      + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}"
  )
  private static let cp850Half = half(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ"
      + "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
      + "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀"
      + "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}"
  )
  private static let cp858Half = half(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ"
      + "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
      + "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀"
      + "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}"
  )
  private static let cp1252Half = half(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ"
      + "\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
      + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
      + "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
  )

  private static func half(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
