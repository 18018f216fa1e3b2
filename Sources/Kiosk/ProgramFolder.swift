internal import Glibc

/// Where the program itself lies; its helper and its assets lie near it.
public enum ProgramFolder {
  public static let path: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let slash = text.lastIndex(of: "/") else { return "." }
    return String(text[..<slash])
  }()

  public static func path(of name: String) -> String { path + "/" + name }
}
