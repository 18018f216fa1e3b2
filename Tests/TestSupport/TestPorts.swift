public import OfficeModel
public import Ports
public import SensitiveMemory
import Synchronization

/// A settable value for the parts of a test that run elsewhere.
public final class Box<Value: Sendable>: Sendable {
  private let state: Mutex<Value>
  public init(_ value: Value) { state = Mutex(value) }
  public var value: Value {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}

/// Ports that do what a test says: devices and server in memory, a clock that stands still. The store
/// is handed in, so that the real one can be.
public final class TestPorts: Sendable {
  public let clock: ManualClock
  public let events = Recorder<KioskEvent>()
  public let sent = Recorder<OutboxItem>()
  public let credentialChecks = Recorder<CredentialProof>()
  public let ticketsPrinted = Recorder<TicketPrint>()
  public let documentsPrinted = Recorder<PrintOrder>()
  public let cancelled = Recorder<String>()
  public let verified = Recorder<SecretHandle>()

  public let numbersAsked = Recorder<NumberRequest>()
  /// What the server says to being asked for a number; unreachable unless a test says otherwise.
  public let nextNumber = Box<
    @Sendable (NumberRequest) async -> Result<NumberReply, PortError>
  >({ _ in .failure(PortError(.unreachable, step: "test")) })
  public let ticketFault = Box<DeviceFault?>(nil)
  public let ticketState = Box<DeviceFact>(.ready)
  public let documentState = Box<DeviceFact>(.ready)
  /// The steps of the next print; nil: the test feeds `printSteps` itself.
  public let printScript = Box<[PrintStep]?>([
    .sending, .printing, .ended(.delivered, fault: nil),
  ])
  /// What the printer says of a job of an earlier run, and which jobs it was asked for.
  public let recovery = Box(PrintRecovery.over(.unknown))
  public let reconciled = Recorder<String>()
  public let sheetCounter = Box<Int?>(nil)
  public let supplies = Box<PrinterSupplies?>(nil)
  public let printSteps: AsyncStream<PrintStep>
  public let printFeed: AsyncStream<PrintStep>.Continuation
  public let cards: AsyncStream<CardReading>
  public let cardFeed: AsyncStream<CardReading>.Continuation

  public let pages = Box<@Sendable (String?) -> Result<ChangesPage, PortError>>({ _ in
    .failure(PortError(.unreachable, step: "test"))
  })
  public let credential = Box<@Sendable (CredentialProof) -> Result<CredentialVerdict, PortError>>({
    _ in .failure(PortError(.unreachable, step: "test"))
  })
  public let leasesAsked = Recorder<String>()
  public let leaseIDs = Recorder<String>()
  public let list = Box<@Sendable (String) -> Result<[UInt8], PortError>>({ _ in
    .failure(PortError(.unreachable, step: "test"))
  })
  public let listOutcome = Box(RevocationPort.Outcome.inPlace)
  public let listsAdded = Recorder<[UInt8]>()
  public let leaseVerdict = Box<@Sendable (String) -> Result<LeaseVerdict, PortError>>({ _ in
    .failure(PortError(.unreachable, step: "test"))
  })
  public let document = Box<@Sendable (String) -> Result<[UInt8], PortError>>({ _ in
    .failure(PortError(.unreachable, step: "test"))
  })
  public let send = Box<@Sendable (OutboxItem) -> Result<Void, PortError>>({ _ in .success(()) })
  public let report = Box<@Sendable (SecretHandle) -> VerificationReport>({ _ in
    VerificationReport(verdict: .refuse, reason: "test")
  })
  public let preview = Box<@Sendable () -> Result<RenderedPage, PortError>>({
    .failure(PortError(.internalFault, step: "test"))
  })
  public let photo = Box<@Sendable () -> Result<SecretHandle?, PortError>>({ .success(nil) })

  public init(clock: ManualClock = ManualClock()) {
    self.clock = clock
    (printSteps, printFeed) = AsyncStream.makeStream()
    (cards, cardFeed) = AsyncStream.makeStream()
  }

  /// Identifiers count up, and jitter is always the whole of its range: a run repeats itself.
  private func identifiers() -> IdentifierPort {
    let counter = Mutex(0)
    return IdentifierPort(
      make: {
        let number = counter.withLock { count in
          count += 1
          return count
        }
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
      },
      random: { $0.upperBound })
  }

  public func ports(store: StorePort) -> Ports {
    Ports(
      clock: clock.port(), identifiers: identifiers(), store: store, dinas: dinas(),
      verifier: VerifierPort { handle in
        self.verified.append(handle)
        return self.report.value(handle)
      },
      preview: PreviewPort { _, _, _ throws(PortError) in try self.preview.value().get() },
      documentPrinters: [DocumentPrinter(port: documentPrinter())],
      ticketPrinter: TicketPrinterPort(
        print: { ticket in
          self.ticketsPrinted.append(ticket)
          return self.ticketFault.value
        },
        state: { self.ticketState.value }),
      cards: CardPort(
        changes: { self.cards },
        readPhoto: { () throws(PortError) in try self.photo.value().get() }),
      events: EventPort { self.events.append($0) },
      revocations: RevocationPort { bytes in
        self.listsAdded.append(bytes)
        return self.listOutcome.value
      })
  }

  private func dinas() -> DinasPort {
    DinasPort(
      fetchChanges: { cursor throws(PortError) in try self.pages.value(cursor).get() },
      fetchDocument: { id, _ throws(PortError) in try self.document.value(id).get() },
      checkCredential: { proof throws(PortError) in
        self.credentialChecks.append(proof)
        return try self.credential.value(proof).get()
      },
      fetchRevocationList: { id, _ throws(PortError) in try self.list.value(id).get() },
      leasePrint: { document, id throws(PortError) in
        self.leasesAsked.append(document)
        self.leaseIDs.append(id)
        return try self.leaseVerdict.value(document).get()
      },
      send: { item throws(PortError) in
        self.sent.append(item)
        try self.send.value(item).get()
      },
      nextNumber: { request throws(PortError) in
        self.numbersAsked.append(request)
        return try await self.nextNumber.value(request).get()
      })
  }

  private func documentPrinter() -> DocumentPrinterPort {
    DocumentPrinterPort(
      print: { order in
        self.documentsPrinted.append(order)
        guard let script = self.printScript.value else { return self.printSteps }
        return AsyncStream { continuation in
          for step in script { continuation.yield(step) }
          continuation.finish()
        }
      },
      cancel: { self.cancelled.append($0) },
      reconcile: { key, _, _ in
        self.reconciled.append(key)
        return self.recovery.value
      },
      cancelAll: { true },
      sheetCounter: { self.sheetCounter.value },
      state: { self.documentState.value },
      supplies: { self.supplies.value })
  }
}
