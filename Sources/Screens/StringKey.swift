/// Every text of the glass that is not the office's own; the raw value is its key in
/// `Assets/strings/<language>.yaml`.
public enum StringKey: String, CaseIterable, Sendable {
  // Names and clock.
  case languageName
  case productName
  case clock
  case dateLong
  case dateShort
  case dateOnly
  case weekdays
  case weekdaysShort
  case months
  case monthsShort
  case demonstrationBand

  // Permanent bar.
  case barBack
  case barFinish
  case barLanguage
  case barTextSize
  case barContrast
  case barSoundOn
  case barSoundOff
  case barLowReach
  case barCallStaff

  // Attract.
  case attractTouch
  case attractStart
  case attractNowServing
  case attractNoQueue
  case counterLabel
  case counterPriority
  case servicesAvailable
  case stripPrinterDown
  case stripOffline
  case stripOfflineNoData
  case stripTicketPaper
  case stripStore
  case cardReadKTP
  case cardReadOther
  case cardReadMute
  case cardReading

  // Home.
  case homeTitle
  case homeLowReach
  case tileTakeNumber
  case tilePrint
  case tileStatus
  case tileRequirements
  case tileComplaints
  case tileRate
  case obstaclePrinter
  case obstacleNoPrinter
  case obstacleStore
  case reasonStore
  case obstacleClock
  case reasonClock
  case reasonNoPrinter

  // Device faults, short.
  case faultMediaEmpty
  case faultMediaLow
  case faultMediaJam
  case faultCoverOpen
  case faultMarkerSupplyEmpty
  case faultMarkerSupplyLow
  case faultCutterError
  case faultOffline
  case faultStopped
  case faultBusy
  case faultNotAccepting
  case faultOutputFull
  case faultOther

  // Device faults while a document waits.
  case heldMediaEmpty
  case heldMediaJam
  case heldCoverOpen
  case heldMarkerSupplyEmpty
  case heldOffline
  case heldOutputFull
  case heldStopped
  case heldBusy
  case heldOther

  // Services and requirements.
  case serviceListTicket
  case serviceListInformation
  case serviceListHint
  case servicesEmpty
  case requirementsTitle
  case requirementsForAll
  case requirementsTime
  case requirementsFee
  case requirementsProduct
  case requirementsMissing
  case takeThisNumber
  case pageOf
  case pageNext
  case pagePrevious

  // Lane.
  case laneTitle
  case laneText
  case lanePriority
  case laneGeneral
  case laneWaits
  case laneWaiting
  case laneWaitingMinutes

  // Entry pads.
  case entryNIK
  case entryNIKHint
  case entryPIN
  case entryPINHint
  case entryRegistration
  case entryRegistrationHint
  case entryBooking
  case entryBookingHint
  case entryCount
  case entryTries
  case entryProblem
  case entryContinueHint
  case entryScanHint
  case entryStepTicket
  case entryStepStatus
  case entryStepPrint
  case keyClear
  case keyDelete
  case keyContinue
  case keyReveal
  case keyCard
  case keyDigit

  // Working.
  case issuingTitle
  case searchingTitle
  case checkingTitle
  case verifyingTitle
  case verifyingText
  case workingText

  // Ticket.
  case ticketTitle
  case ticketLanePriority
  case ticketLaneGeneral
  case ticketWaiting
  case ticketWaitingMinutes
  case ticketWaitingNone
  case ticketPrinting
  case ticketPrinted
  case ticketPaperFailed
  case ticketRetry
  case ticketCallHint

  // Ticket refused.
  case refusedTicketTitle
  case refusedClosed
  case refusedClosedNext
  case refusedBreak
  case refusedHolding
  case refusedCitizenQuota
  case refusedQuota
  case refusedHalfDay
  case refusedSession
  case refusedReserve
  case refusedBooking
  case refusedBookingTime
  case refusedBookingUnchecked
  case refusedClock
  case refusedStore
  case chooseOther

  // Status.
  case statusTitle
  case statusHolder
  case stepReceived
  case stepVerified
  case stepSigned
  case stepReady
  case stepHandedOver
  case stepReceivedOn
  case stepNow
  case stepDone
  case stepAhead
  case statusDue
  case statusDueLate
  case statusNextMoving
  case statusNextReadyKiosk
  case statusNextReadyCounter
  case statusNextReadyOnline
  case statusNextReadyBox
  case statusNextHandedOver
  case statusReturned
  case statusReturnedPlain
  case statusDelayed
  case statusDelayedPlain
  case statusCancelled
  case statusAge
  case statusNotFoundTitle
  case statusNotFound
  case statusCacheEmptyTitle
  case statusCacheEmpty
  case statusAgain

  // Credential refused.
  case credentialTitle
  case credentialWrong
  case credentialLocked
  case credentialLockedPlain
  case credentialExpired
  case credentialSpent
  case credentialNotKnownOffline
  case credentialOffline
  case credentialStore

  // Documents.
  case documentsTitle
  case documentsHint
  case documentsEmpty
  case documentHolder
  case documentPrintsLeft
  case documentNoPrints
  case documentCard

  // Document refused.
  case refusedChangedTitle
  case refusedChanged
  case refusedUncertainTitle
  case refusedUncertain
  case refusedRevocation
  case refusedUnreadableTitle
  case refusedUnreadable
  case refusedMachineTitle
  case refusedMachine
  case refusedUnavailableTitle
  case refusedUnavailable
  case refusedHeldTitle
  case refusedHeld
  case refusedHeldUntil
  case refusedUndecidedTitle
  case refusedUndecided
  case refusedNoRightTitle
  case refusedNoRight
  case refusedCardTitle
  case refusedCard
  case wayToCounter
  case staffCode
  case otherDocument

  // Preview.
  case previewTitle
  case previewHolder
  case sealValid
  case sealMatches
  case sealSigner
  case sealCoSigners
  case sealTime
  case previewHold
  case previewBlurred
  case previewPrint
  case previewPrintOne
  case previewLeft
  case previewPrinterDown
  case previewCardPhoto

  // Printing.
  case printingTitle
  case printingSending
  case printingStay
  case printingText
  case printingHeldTitle
  case printingKept
  case printingCancel
  case printingCancelling
  case printingCancellingText
  case staffAsking
  case staffCalled
  case staffFailed

  // Take paper.
  case takePaperTitle
  case takePaperText
  case takePaperOne
  case takePaperCard
  case takePaperTaken
  case takePaperMissing
  case takePaperWiped

  // Print failed.
  case printFailedTitle
  case printFailedNot
  case printFailedReason
  case printFailedUnknownTitle
  case printFailedUnknown
  case printFailedReportedTitle
  case printFailedReported
  case tryAgain
  case goHome

  // Survey, thanks.
  case surveyTitle
  case surveyText
  case score1
  case score2
  case score3
  case score4
  case surveySkip
  case thanksTitle
  case thanksText
  case thanksAgain

  // Card, complaints, help, service.
  case cardTitle
  case cardText1
  case cardText2
  case cardText3
  case cardText4
  case complaintsTitle
  case complaintsText
  case complaintsNone
  case helpTitle
  case helpAsking
  case helpCalled
  case helpFailed
  case outTitle
  case outText
  case outHours
  case staffReason
  case languagesTitle

  // Staff.
  case staffMode
  case staffDoor
  case staffPIN
  case staffPINHint
  case staffWrong
  case staffLocked
  case staffLockedOpen
  case staffNobody
  case staffNoStore
  case staffWorking
  case staffMenuTitle
  case staffClock
  case staffClockGood
  case staffClockEarly
  case staffClockAhead
  case staffPrints
  case staffLetters
  case staffDevices
  case staffCount
  case staffNone
  case staffNoteClock
  case staffNoteClockRefused
  case staffNotePrint
  case staffNoteLetters
  case staffNoteNotDone
  case staffClockTitle
  case staffClockText
  case staffClockNoProposal
  case staffClockRight
  case staffClockType
  case staffClockEntry
  case staffClockEntryHint
  case staffPrintsTitle
  case staffPrintsText
  case staffPrintTitle
  case staffPrintText
  case staffFindingHandedOver
  case staffFindingDestroyed
  case staffFindingNothing
  case staffLettersTitle
  case staffLetter
  case staffLettersAgain
  case staffDevicesTitle
  case staffTicketPrinter
  case staffDocumentPrinter
  case staffCardReader
  case staffServer
  case staffServerAnswers
  case staffServerSilent
  case staffUnknown
  case staffReady
  case staffAbsent
  case staffNoReader
  case staffSynced
  case staffNeverSynced
  case staffWaiting
  case staffNoWaiting

  // Still here.
  case stillTitle
  case stillText
  case stillYes
  case stillNo
}
