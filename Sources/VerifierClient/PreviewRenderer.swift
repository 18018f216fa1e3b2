internal import Glibc
public import Ports
public import SensitiveMemory

/// Draws pages of the signed revision with poppler's `pdftoppm` in a confined process. The bitmap
/// goes straight into the vault.
public struct PreviewRenderer: Sendable {
  /// Nothing needs more pixels a side: A4 at 400 dpi has 4677.
  public static let sideLimit = 4800
  /// Far above what the verification lets through.
  static let pagesLimit = 10_000
  static let bitmapLimitBytes = 48 << 20

  private let helper: String
  private let renderer: String
  private let wallLimit: Duration

  /// - Parameters:
  ///   - helper: path of `anjungan-verify`, which puts the limits on and then becomes `renderer`.
  public init(
    helper: String, renderer: String = "/usr/bin/pdftoppm", wallLimit: Duration = .seconds(8)
  ) {
    self.helper = helper
    self.renderer = renderer
    self.wallLimit = wallLimit
  }

  public func port(vault: SecretVault) -> PreviewPort {
    PreviewPort { handle, byteCount, order async throws(PortError) in
      try await render(handle, of: vault, byteCount: byteCount, order: order)
    }
  }

  /// - Parameters:
  ///   - byteCount: end of the signed revision; nothing after it reaches the renderer.
  ///   - order: sizes outside 16...4800 are brought into that range.
  public func render(
    _ handle: SecretHandle, of vault: SecretVault, byteCount: Int, order: PageOrder
  ) async throws(PortError) -> RenderedPage {
    try await onThread {
      draw(handle, of: vault, byteCount: byteCount, order: order)
    }.get()
  }

  private func draw(
    _ handle: SecretHandle, of vault: SecretVault, byteCount: Int, order: PageOrder
  ) -> Result<RenderedPage, PortError> {
    guard byteCount > 0, (1...Self.pagesLimit).contains(order.page),
      let document = SealedDocument(handle, of: vault, byteCount: byteCount)
    else { return .failure(PortError(.notFound, step: "preview")) }
    let child = ChildProcess(
      path: helper,
      arguments: [
        "--exec-limits", renderer, "-q", "-f", String(order.page), "-l", String(order.page),
        "-singlefile", "-cropbox",
      ] + Self.scale(order.size) + ["-"], wallLimit: wallLimit,
      outputLimitBytes: Self.bitmapLimitBytes)
    var image = PPMReceiver(vault: vault, limit: Self.bitmapLimitBytes)
    let ending = unsafe child.run(input: document.descriptor) { piece in
      unsafe image.receive(piece)
    }
    if ending == .exited(0), let page = image.finish() { return .success(page) }
    image.discard()
    switch ending {
    case .timedOut: return .failure(PortError(.timedOut, step: "preview"))
    case .exited(127), .notStarted:
      return .failure(PortError(.notFound, step: "preview", detail: "renderer"))
    default: return .failure(PortError(.malformed, step: "preview", detail: "\(ending)"))
    }
  }
}

extension PreviewRenderer {
  private static func scale(_ size: PageOrder.Size) -> [String] {
    func side(_ pixels: Int) -> String { String(min(max(pixels, 16), sideLimit)) }
    return switch size {
    case .width(let pixels): ["-scale-to-x", side(pixels), "-scale-to-y", "-1"]
    case .longSide(let pixels): ["-scale-to", side(pixels)]
    }
  }
}

/// Takes a raw PPM (`P6`, width, height, 255, RGB) as it comes and keeps only the pixels.
struct PPMReceiver {
  private let vault: SecretVault
  private let limit: Int
  private var header: [UInt8] = []
  private var bitmap: SecretHandle?
  private var width = 0
  private var height = 0
  private var received = 0

  init(vault: SecretVault, limit: Int) {
    self.vault = vault
    self.limit = limit
  }

  /// False when this is no such picture, is larger than announced, or the vault is full.
  mutating func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while bitmap == nil, index < piece.count {
      guard header.count < 64 else { return false }
      header.append(unsafe piece[index])
      index += 1
      switch parse() {
      case .incomplete: continue
      case .wrong: return false
      case .complete:
        guard let handle = try? vault.makeBulk(capacity: width * height * 3) else { return false }
        bitmap = handle
      }
    }
    guard let bitmap, index < piece.count else { return true }
    received += piece.count - index
    guard received <= width * height * 3 else { return false }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: piece[index...])
    return (try? unsafe vault.append(contentsOf: rest, to: bitmap)) == true
  }

  mutating func finish() -> RenderedPage? {
    guard let bitmap, received == width * height * 3 else { return nil }
    return RenderedPage(bitmap: bitmap, width: width, height: height)
  }

  mutating func discard() {
    if let bitmap { vault.wipe(bitmap) }
    bitmap = nil
  }

  private enum Progress { case incomplete, wrong, complete }

  /// Four words, then one white space.
  private mutating func parse() -> Progress {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
    guard let last = header.last, isSpace(last) else { return .incomplete }
    let words = header.split(whereSeparator: isSpace)
      .map { String(decoding: $0, as: UTF8.self) }
    if words.first.map({ $0 != "P6" }) ?? true { return .wrong }
    guard words.count >= 4 else { return .incomplete }
    guard let width = Int(words[1]), let height = Int(words[2]), words[3] == "255", width > 0,
      height > 0, width <= 16_384, height <= 16_384, width * height * 3 <= limit
    else { return .wrong }
    self.width = width
    self.height = height
    return .complete
  }
}
