/// One `EV_KEY` event of the kernel's input layer.
public struct KeyEvent: Sendable, Equatable {
  public enum Move: Int32, Sendable {
    case up = 0
    case down = 1
    /// The key is held and the kernel repeats it.
    case repeated = 2
  }

  /// As in linux/input-event-codes.h.
  public var code: UInt16
  public var move: Move

  public init(code: UInt16, move: Move) {
    self.code = code
    self.move = move
  }
}

/// Key events to characters, by the US layout that scanners ship with. Keeps what is held and whether
/// caps lock is on, as the kernel's own keyboard handler would; a grabbed device has only us for it.
public struct KeyDecoder: Sendable {
  public enum Key: Equatable, Sendable {
    case character(UInt8)
    /// Enter, or the Tab that some scanners are set to.
    case end
    /// Types none of the allowed characters.
    case foreign
  }

  /// What the device says is held, or lit, right now.
  public struct Held: Sendable, Equatable {
    public var keys: Set<UInt16>
    public var isCapsLockOn: Bool
    public init(keys: Set<UInt16> = [], isCapsLockOn: Bool = false) {
      self.keys = keys
      self.isCapsLockOn = isCapsLockOn
    }
  }

  /// Keys that change others; only these are remembered as held.
  public static let modifiers: Set<UInt16> = shifts.union(commands)
  private static let shifts: Set<UInt16> = [42, 54]
  /// Ctrl, Alt and Meta of both sides.
  private static let commands: Set<UInt16> = [29, 97, 56, 100, 125, 126]
  private static let ends: Set<UInt16> = [28, 96, 15]  // Enter, the keypad's, Tab
  private static let capsLock: UInt16 = 58
  /// Num lock and scroll lock type nothing and change nothing here.
  private static let mute: Set<UInt16> = [69, 70]

  private var held: Held

  public init(_ held: Held = Held()) { self.held = held }

  /// - Returns: nil for what types nothing: releases, repeats, modifiers.
  public mutating func take(_ event: KeyEvent) -> Key? {
    if Self.modifiers.contains(event.code) {
      if event.move == .up {
        held.keys.remove(event.code)
      } else {
        held.keys.insert(event.code)
      }
      return nil
    }
    guard event.move == .down, !Self.mute.contains(event.code) else { return nil }
    if event.code == Self.capsLock {
      held.isCapsLockOn.toggle()
      return nil
    }
    guard held.keys.isDisjoint(with: Self.commands) else { return .foreign }
    if Self.ends.contains(event.code) { return .end }
    guard let (plain, shifted) = Self.characters[event.code] else { return .foreign }
    let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(plain)
    let isShifted = !held.keys.isDisjoint(with: Self.shifts)
    return .character(isShifted != (isLetter && held.isCapsLockOn) ? shifted : plain)
  }

  /// Rows of the keyboard as the kernel numbers them: first code, characters, the same with shift.
  private static let characters: [UInt16: (UInt8, UInt8)] = {
    let rows: [(first: UInt16, plain: StaticString, shifted: StaticString)] = [
      (2, "1234567890-=", "!@#$%^&*()_+"),
      (16, "qwertyuiop[]", "QWERTYUIOP{}"),
      (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
      (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
      (55, "*", "*"),
      (57, " ", " "),
      // The keypad, as with num lock on: scanners that use it mean the digits.
      (71, "789-456+1230.", "789-456+1230."),
      (98, "/", "/"),
    ]
    var table: [UInt16: (UInt8, UInt8)] = [:]
    for row in rows {
      let pairs = zip(row.plain.description.utf8, row.shifted.description.utf8)
      for (offset, pair) in pairs.enumerated() { table[row.first + UInt16(offset)] = pair }
    }
    return table
  }()
}
