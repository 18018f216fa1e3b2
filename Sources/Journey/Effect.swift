public import OfficeModel
public import SensitiveMemory

/// What the reducer asks of the outside. Secrets are edited at once on the main thread; the rest is
/// carried out by the use cases, which answer with `Action.answer` of the same session.
public enum Effect: Sendable, Equatable {
  case secret(SecretEdit)
  case issueTicket(SessionID, TicketOrder)
  case printTicket(SessionID, IssuedTicket)
  case lookUpStatus(SessionID, registration: SecretHandle, nik: SecretHandle)
  case checkNIK(SessionID, SecretHandle)
  case checkCredential(SessionID, nik: SecretHandle, pin: SecretHandle)
  case checkScannedCredential(SessionID, payload: SecretHandle)
  case openDocument(SessionID, DocumentSummary)
  /// - Parameter request: comes back with the answer, see `JourneyState.cardPhotoRequest`.
  case readCardPhoto(SessionID, request: UInt64)
  case printDocument(SessionID, documentID: String)
  case cancelPrint(SessionID)
  case paperTaken(SessionID, documentID: String)
  case paperMissing(SessionID, documentID: String)
  case recordSurvey(SessionID, score: Int)
  case fileComplaint(SessionID, ComplaintKind)
  case printComplaint(SessionID, Complaint)
  case callStaff(SessionID, screen: String)
  case staff(SessionID, StaffRequest)
  /// Wipes every secret of the session and ends what its use cases still do (never a running print).
  case endSession(SessionID)
  case play(Sound)
}

public enum SecretEdit: Sendable, Equatable {
  case append(UInt8, to: SecretHandle)
  case removeLast(SecretHandle)
  case wipe(SecretHandle)
}

public struct TicketOrder: Sendable, Equatable {
  public var serviceID: String
  public var lane: Lane
  /// NIK or booking code, where the service asks for it.
  public var identity: SecretHandle?
  public init(serviceID: String, lane: Lane, identity: SecretHandle? = nil) {
    self.serviceID = serviceID
    self.lane = lane
    self.identity = identity
  }
}

public enum Sound: Sendable, Equatable { case key, ok, error, attention }
