internal import Journey

/// A frame as one line of JSON, for whoever drives the kiosk from outside and for tests. It holds
/// what the glass shows in words; typed digits are drawings of the vault and never in it.
public enum SceneDescription {
  public static func json(_ frame: Frame, number: UInt64) -> String {
    var out = "{\"frame\":\(number),\"screen\":"
    append(frame.name, to: &out)
    out += ",\"width\":\(frame.size.width),\"height\":\(frame.size.height),\"controls\":["
    for (index, control) in frame.controls.enumerated() {
      if index > 0 { out += "," }
      out += "{\"name\":"
      append(control.control.name, to: &out)
      out += ",\"role\":\"\(control.role.rawValue)\",\"label\":"
      append(control.label, to: &out)
      out += ",\"x\":\(control.rect.x),\"y\":\(control.rect.y)"
      out += ",\"width\":\(control.rect.width),\"height\":\(control.rect.height)"
      out += ",\"enabled\":\(control.isEnabled)}"
    }
    out += "],\"texts\":["
    for (index, text) in frame.texts.enumerated() {
      if index > 0 { out += "," }
      append(text.text, to: &out)
    }
    return out + "]}"
  }

  private static func append(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\u{2028}": out += "\\u2028"
      case "\u{2029}": out += "\\u2029"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
