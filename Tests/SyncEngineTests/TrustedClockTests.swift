import OfficeModel
import SyncEngine
import Testing

/// The times of an invented machine: its clock, and the time since it was started.
private struct Machine {
  static let built = Timestamp(seconds: 1_790_000_000)
  static let hour = Duration.seconds(3600)
  var wall = Timestamp(seconds: 1_800_000_000)
  var boot = Uptime(milliseconds: 40_000)
  var bootID = "boot-1"

  var reading: TrustedClock.Reading { .init(machine: wall, boot: boot) }

  mutating func run(_ duration: Duration) {
    wall = wall.adding(duration)
    boot = boot.adding(duration)
  }

  /// Off and on again: only the machine's clock went on.
  mutating func restart(after duration: Duration) {
    wall = wall.adding(duration)
    boot = Uptime(milliseconds: 40_000)
    bootID += "+"
  }

  func clock(_ memory: ClockMemory? = nil, lastTicket: Timestamp? = nil) -> TrustedClock {
    TrustedClock(
      .init(built: Self.built, jump: .seconds(18 * 3600)), bootID: bootID, memory: memory,
      lastTicket: lastTicket, reading)
  }
}

@Suite("The trusted clock")
struct TrustedClockTests {
  private var machine = Machine()

  @Test("A new kiosk trusts a machine whose clock is not before the build")
  func newKiosk() {
    let clock = machine.clock()
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == machine.wall)
  }

  @Test("A machine that starts in 1970 is not trusted, with a memory or without")
  mutating func nineteenSeventy() {
    machine.wall = Timestamp(seconds: 5)
    #expect(machine.clock().trust == .untrusted(reason: .tooEarly))
    let memory = ClockMemory(bootID: "old", seen: Timestamp(seconds: 1_800_000_000))
    let clock = machine.clock(memory)
    #expect(clock.trust == .untrusted(reason: .tooEarly))
    #expect(clock.time(at: machine.boot) == Timestamp(seconds: 1_800_000_000))
  }

  @Test(
    "A jump of the machine's clock in mid-run changes nothing",
    arguments: [Duration.seconds(86_400), .seconds(-86_400), .seconds(-1_800_000_000), .seconds(3)])
  func jumpInMidRun(jump: Duration) {
    var machine = machine
    var clock = machine.clock()
    machine.run(Machine.hour)
    let right = machine.wall
    machine.wall = machine.wall.adding(jump)
    clock.look(machine.reading)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == right)
  }

  @Test("Starts without a name are not taken for the same one")
  mutating func namelessStarts() {
    machine.bootID = ""
    let memory = machine.clock().memory(at: machine.boot)
    machine.wall = machine.wall.adding(.seconds(3600))
    let clock = machine.clock(memory)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == machine.wall)
  }

  @Test("A new run in the same start of the machine goes on by the monotonic clock")
  mutating func sameBoot() {
    let before = machine.clock()
    machine.run(Machine.hour)
    let memory = before.memory(at: machine.boot)
    machine.run(Machine.hour)
    let right = machine.wall
    machine.wall = machine.wall.adding(.seconds(40 * 86_400))
    let after = machine.clock(memory)
    #expect(after.trust == .trusted)
    #expect(after.time(at: machine.boot) == right)
  }

  @Test("After a night without power or network the kiosk still serves")
  mutating func night() {
    let memory = machine.clock().memory(at: machine.boot)
    machine.restart(after: .seconds(16 * 3600))
    let clock = machine.clock(memory)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == machine.wall)
  }

  @Test("A clock that jumped a day ahead between runs is not trusted, an hour under the limit is")
  mutating func dayAhead() {
    let memory = machine.clock().memory(at: machine.boot)
    var far = machine
    far.restart(after: .seconds(24 * 3600))
    let clock = far.clock(memory)
    #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    #expect(clock.time(at: far.boot) == memory.seen, "no time is made up")
    var near = machine
    near.restart(after: .seconds(17 * 3600))
    #expect(near.clock(memory).trust == .trusted)
  }

  @Test("A clock that went back a day between runs is not trusted")
  mutating func dayBack() {
    machine.run(Machine.hour)
    let memory = machine.clock().memory(at: machine.boot)
    machine.restart(after: .seconds(-86_400))
    #expect(machine.clock(memory).trust == .untrusted(reason: .tooEarly))
  }

  @Test("A clock that lags some minutes behind the server is trusted, and time does not go back")
  mutating func lag() {
    let memory = machine.clock().memory(at: machine.boot)
    machine.restart(after: .seconds(-120))
    let clock = machine.clock(memory)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == memory.seen)
  }

  @Test("The last number given holds the time, also when nothing else was kept")
  func lastTicket() {
    let ahead = machine.wall.adding(.seconds(3600))
    #expect(machine.clock(lastTicket: ahead).trust == .untrusted(reason: .tooEarly))
    let longAgo = machine.wall.adding(.seconds(-30 * 3600))
    #expect(machine.clock(lastTicket: longAgo).trust == .untrusted(reason: .tooFarAhead))
  }

  @Test("The server's time counts from the middle of its round trip, and carries on")
  mutating func server() {
    var clock = machine.clock()
    let asked = machine.boot
    machine.run(.seconds(2))
    let told = machine.wall.adding(.seconds(300))
    let answer1 = clock.serverTold(told, asked: asked, received: machine.reading)
    #expect(answer1)
    #expect(clock.time(at: machine.boot) == told.adding(.seconds(1)))
    machine.run(Machine.hour)
    #expect(clock.time(at: machine.boot) == told.adding(.seconds(3601)))
  }

  @Test("An answer that allows the time as it is does not move it")
  mutating func slowAnswer() {
    var clock = machine.clock()
    clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let asked = machine.boot
    machine.run(.seconds(10))
    clock.serverTold(machine.wall.adding(.seconds(-1)), asked: asked, received: machine.reading)
    #expect(clock.time(at: machine.boot) == machine.wall)
  }

  @Test("The server makes an untrusted kiosk serve again")
  mutating func serverHelps() {
    let right = machine.wall
    machine.wall = Timestamp(seconds: 5)
    var clock = machine.clock()
    let answer2 = clock.serverTold(right, asked: machine.boot, received: machine.reading)
    #expect(answer2)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == right)
  }

  @Test("A server before the build is not believed")
  func serverInThePast() {
    var clock = machine.clock()
    let answer3 = clock.serverTold(
      Timestamp(seconds: 7), asked: machine.boot, received: machine.reading)
    #expect(!answer3)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == machine.wall)
  }

  @Test(
    "A server whose own time jumps a day is not believed, until it is right again or staff decide",
    arguments: [Duration.seconds(86_400), .seconds(-86_400)])
  func serverJumps(jump: Duration) {
    let machine = machine
    var clock = machine.clock()
    clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let wrong = machine.wall.adding(jump)
    let answer4 = clock.serverTold(wrong, asked: machine.boot, received: machine.reading)
    #expect(!answer4)
    #expect(clock.trust != .trusted)
    #expect(clock.time(at: machine.boot) == machine.wall)

    var mended = clock
    mended.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    #expect(mended.trust == .trusted)

    let answer5 = clock.staffConfirmed(wrong, at: machine.boot)
    #expect(answer5)
    let answer6 = clock.serverTold(wrong, asked: machine.boot, received: machine.reading)
    #expect(answer6)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == wrong)
  }

  @Test("Staff who are asked because of the server's time and tell theirs overrule it")
  mutating func overruled() {
    var clock = machine.clock()
    clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let ahead = Duration.seconds(2 * 86_400)
    clock.serverTold(machine.wall.adding(ahead), asked: machine.boot, received: machine.reading)
    #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    let isTaken = clock.staffConfirmed(machine.wall, at: machine.boot)
    #expect(isTaken)

    func expectOverruled(_ clock: inout TrustedClock) {
      let wrong = machine.wall.adding(ahead)
      let isBelieved = clock.serverTold(wrong, asked: machine.boot, received: machine.reading)
      #expect(!isBelieved)
      #expect(clock.trust == .trusted)
      #expect(clock.time(at: machine.boot) == machine.wall)
    }
    expectOverruled(&clock)
    machine.run(Machine.hour)
    var nextRun = machine.clock(clock.memory(at: machine.boot))
    expectOverruled(&nextRun)
    let memory = nextRun.memory(at: machine.boot)
    machine.restart(after: Machine.hour)
    var nextStart = machine.clock(memory)
    expectOverruled(&nextStart)

    // Until it is right again: from then on its word counts as before.
    nextStart.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    nextStart.serverTold(
      machine.wall.adding(ahead), asked: machine.boot, received: machine.reading)
    #expect(nextStart.trust == .untrusted(reason: .tooFarAhead))
  }

  @Test("Staff who told a wrong day are asked again when the server tells another")
  func staffMistaken() {
    var clock = machine.clock()
    let isTaken = clock.staffConfirmed(machine.wall.adding(.seconds(86_400)), at: machine.boot)
    #expect(isTaken)
    clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    #expect(clock.trust == .untrusted(reason: .tooEarly))
    let isCorrected = clock.staffConfirmed(machine.wall, at: machine.boot)
    #expect(isCorrected)
    let isBelieved = clock.serverTold(
      machine.wall.adding(.seconds(40)), asked: machine.boot, received: machine.reading)
    #expect(isBelieved)
    #expect(clock.trust == .trusted)
  }

  @Test(
    "After a new start of the machine a server that is days ahead is not believed",
    arguments: [Duration.seconds(2 * 86_400), .seconds(170 * 366 * 86_400)])
  func serverAheadAfterStart(ahead: Duration) {
    var machine = machine
    var first = machine.clock()
    first.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let memory = first.memory(at: machine.boot)
    machine.restart(after: .seconds(300))
    var clock = machine.clock(memory)
    let wrong = machine.wall.adding(ahead)
    let isBelieved = clock.serverTold(wrong, asked: machine.boot, received: machine.reading)
    #expect(!isBelieved)
    #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    #expect(clock.time(at: machine.boot) == machine.wall)
    #expect(clock.memory(at: machine.boot).server == memory.server)
    clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    #expect(clock.trust == .trusted)
  }

  @Test("A new kiosk whose machine is days off goes by the server from its first word on")
  func firstContact() {
    var clock = machine.clock()
    let right = machine.wall.adding(.seconds(-5 * 86_400))
    let isBelieved = clock.serverTold(right, asked: machine.boot, received: machine.reading)
    #expect(isBelieved)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == right)
  }

  @Test("After a weekend server and machine are believed where they agree, neither alone")
  mutating func weekend() {
    var first = machine.clock()
    first.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let memory = first.memory(at: machine.boot)
    machine.restart(after: .seconds(62 * 3600))
    let right = machine.wall
    var clock = machine.clock(memory)
    #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    clock.serverTold(right.adding(.seconds(900)), asked: machine.boot, received: machine.reading)
    #expect(clock.trust == .trusted)
    #expect(clock.time(at: machine.boot) == right.adding(.seconds(900)))

    // A machine that lost its time bears nothing out.
    machine.wall = Timestamp(seconds: 5)
    clock = machine.clock(memory)
    clock.serverTold(right, asked: machine.boot, received: machine.reading)
    #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    let isTaken = clock.staffConfirmed(right, at: machine.boot)
    #expect(isTaken)
    #expect(clock.trust == .trusted)
  }

  @Test("After a new start of the machine a server that moved back is not believed")
  mutating func serverMovedBack() {
    var first = machine.clock()
    first.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    let memory = first.memory(at: machine.boot)
    machine.restart(after: .seconds(-9 * 3600))
    var clock = machine.clock(memory)
    let answer7 = clock.serverTold(machine.wall, asked: machine.boot, received: machine.reading)
    #expect(!answer7)
    #expect(clock.trust == .untrusted(reason: .tooEarly))
  }

  @Test("Staff's word makes the time, but not before the build and not out of the world")
  mutating func staff() {
    let right = machine.wall
    machine.wall = Timestamp(seconds: 5)
    var clock = machine.clock()
    let answer8 = clock.staffConfirmed(Timestamp(seconds: 5), at: machine.boot)
    #expect(!answer8)
    let answer9 = clock.staffConfirmed(Timestamp(milliseconds: .max), at: machine.boot)
    #expect(!answer9)
    #expect(clock.trust == .untrusted(reason: .tooEarly))
    let answer10 = clock.staffConfirmed(right, at: machine.boot)
    #expect(answer10)
    #expect(clock.trust == .trusted)
    machine.run(Machine.hour)
    #expect(clock.time(at: machine.boot) == right.adding(.seconds(3600)))
  }

  @Test("Numbers given by a clock that was ahead do not hold the right time for ever")
  mutating func pardoned() {
    // A day ahead, unnoticed: nothing was known before.
    var clock = machine.clock()
    let ticket = machine.wall
    machine.run(Machine.hour)
    let right = machine.wall.adding(.seconds(-86_400))
    let answer11 = clock.staffConfirmed(right, at: machine.boot)
    #expect(answer11)
    let memory = clock.memory(at: machine.boot)
    machine.restart(after: .seconds(-86_400 + 600))
    let next = machine.clock(memory, lastTicket: ticket)
    #expect(next.trust == .trusted)
    #expect(next.time(at: machine.boot) == machine.wall)
  }

  @Test("An untrusted machine that is set right while the kiosk runs is believed")
  mutating func setRight() {
    let memory = machine.clock().memory(at: machine.boot)
    let right = machine.wall
    machine.restart(after: .zero)
    machine.wall = Timestamp(seconds: 5)
    var clock = machine.clock(memory)
    machine.run(.seconds(60))
    machine.wall = right.adding(.seconds(100))
    clock.look(machine.reading)
    #expect(clock.trust == .trusted)
  }

  @Test("A machine too far ahead does not become right by running")
  mutating func runsAhead() {
    let memory = machine.clock().memory(at: machine.boot)
    machine.restart(after: .seconds(20 * 3600))
    var clock = machine.clock(memory)
    for _ in 0..<48 {
      machine.run(Machine.hour)
      clock.look(machine.reading)
      #expect(clock.trust == .untrusted(reason: .tooFarAhead))
    }
  }

  @Test(
    "At midnight of each zone a jump of the machine's clock does not change the day",
    arguments: OfficeZone.allCases)
  func midnight(zone: OfficeZone) throws {
    var machine = machine
    let day = LocalTime(machine.wall, in: zone).date
    let midnight = Timestamp(
      milliseconds: Int64(day.adding(days: 1).daysSinceEpoch) * 86_400_000
        - zone.offset.wholeMilliseconds)
    machine.wall = midnight.adding(.seconds(-60))
    let clock = machine.clock()
    machine.boot = machine.boot.adding(.milliseconds(59_999))
    #expect(LocalTime(clock.time(at: machine.boot), in: zone).date == day)
    machine.boot = machine.boot.adding(.milliseconds(1))
    #expect(LocalTime(clock.time(at: machine.boot), in: zone).date == day.adding(days: 1))
  }
}
