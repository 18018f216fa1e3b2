extension Screen {
  /// A stable name for logs, tests and pictures; carries nothing of the citizen.
  public var name: String {
    switch self {
    case .attract: "attract"
    case .home: "home"
    case .languages: "languages"
    case .serviceList: "serviceList"
    case .requirements: "requirements"
    case .lane: "lane"
    case .ticketIdentity: "ticketIdentity"
    case .issuingTicket: "issuingTicket"
    case .ticket: "ticket"
    case .ticketRefused: "ticketRefused"
    case .statusRegistration: "statusRegistration"
    case .statusNIK: "statusNIK"
    case .statusSearching: "statusSearching"
    case .statusResult: "statusResult"
    case .printNIK: "printNIK"
    case .printPIN: "printPIN"
    case .checkingCredential: "checkingCredential"
    case .credentialRefused: "credentialRefused"
    case .documents: "documents"
    case .verifying: "verifying"
    case .documentRefused: "documentRefused"
    case .preview: "preview"
    case .printing: "printing"
    case .takePaper: "takePaper"
    case .printFailed: "printFailed"
    case .survey: "survey"
    case .thanks: "thanks"
    case .cardInfo: "cardInfo"
    case .complaints: "complaints"
    case .complaintKinds: "complaintKinds"
    case .filingComplaint: "filingComplaint"
    case .complaint: "complaint"
    case .complaintRefused: "complaintRefused"
    case .help: "help"
    case .outOfService: "outOfService"
    case .staffPIN: "staffPIN"
    case .staffWorking: "staffWorking"
    case .staff(let page, _):
      switch page {
      case .menu: "staffMenu"
      case .clock: "staffClock"
      case .clockEntry: "staffClockEntry"
      case .prints: "staffPrints"
      case .print: "staffPrint"
      case .letters: "staffLetters"
      case .devices: "staffDevices"
      }
    }
  }
}
