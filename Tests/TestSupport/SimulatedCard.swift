/// A card of the simulation: what it answers to the few commands that the kiosk knows.
public struct SimulatedCard: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case ktpEl
    case other
    /// Gives no answer to the reset.
    case mute
  }
  public var kind: Kind
  /// File 6FF2 without its two bytes of length.
  public var photo: [UInt8]

  public init(_ kind: Kind, photo: [UInt8] = []) {
    self.kind = kind
    self.photo = photo
  }

  /// A KTP-el whose photo, a JPEG by its ends only, says in every byte between them which it is.
  public static func numbered(_ number: Int, bytes: Int = 600) -> SimulatedCard {
    let filling = UInt8(truncatingIfNeeded: number & 0x7F | 0x01)
    let middle = [UInt8](repeating: filling, count: max(bytes - 5, 0))
    return SimulatedCard(.ktpEl, photo: [0xFF, 0xD8, 0xFF] + middle + [0xFF, 0xD9])
  }

  private static let application: [UInt8] = [0x00, 0xA4, 0x00, 0x00, 0x02, 0x7F, 0x0A]
  private static let photoFile: [UInt8] = [0x00, 0xA4, 0x00, 0x00, 0x02, 0x6F, 0xF2]

  /// What is selected between two commands.
  struct Selection: Sendable { var isPhoto = false }

  func answer(_ command: [UInt8], _ selection: inout Selection) -> [UInt8] {
    guard kind == .ktpEl else { return [0x6A, 0x82] }
    switch command {
    case Self.application:
      selection.isPhoto = false
      return [0x90, 0x00]
    case Self.photoFile:
      selection.isPhoto = true
      return [0x90, 0x00]
    default: break
    }
    guard command.count == 5, command[1] == 0xB0, selection.isPhoto else { return [0x69, 0x86] }
    let file = [UInt8(photo.count >> 8), UInt8(photo.count & 0xFF)] + photo
    let offset = Int(command[2]) << 8 | Int(command[3])
    guard offset <= file.count else { return [0x6B, 0x00] }
    return Array(file[offset...].prefix(Int(command[4]))) + [0x90, 0x00]
  }
}
