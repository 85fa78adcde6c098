import Processes
import Support
import Synchronization

/// Deals jobs to several processes as they come free, and takes in what came of them.
///
/// All processes have the same list of jobs. The first one deals: it takes jobs itself, and a thread of it waits for each of the others, which
/// asks for a job and says at the same time what came of the one before.
final class JobDealer: Sendable {
  /// What a process says to the first one, which answers with the place of a job in the list, or with `none`.
  private struct Request {
    enum Wish: Int { case job, nothing, toLeave }

    static let none = -1

    let wish: Wish
    /// The job that has ended, or `none`, and what came of it.
    let ended: Int
    let result: Double?

    var numbers: [Int] { [wish.rawValue, ended, result == nil ? 0 : 1, Int(truncatingIfNeeded: (result ?? 0).bitPattern)] }

    init(_ wish: Wish, after last: (job: Int, result: Double?)?) {
      self.wish = wish
      (ended, result) = (last?.job ?? Request.none, last?.result)
    }

    init(_ numbers: [Int]) {
      wish = Wish(rawValue: numbers[0]) ?? .toLeave
      ended = numbers[1]
      result = numbers[2] == 0 ? nil : Double(bitPattern: UInt64(truncatingIfNeeded: numbers[3]))
    }
  }

  private let team: any Communicator
  private let count: Int
  private let next = Atomic(0)
  /// One at a time asks the first process.
  private let asking = Mutex(())

  init(_ team: any Communicator, jobs count: Int) {
    self.team = team
    self.count = count
  }

  /// The place of the next job; nil if all have been dealt.
  ///
  /// - Parameter last: the job that the caller has ended, and what came of it; the first process has taken in its own already.
  func take(after last: (job: Int, result: Double?)?) throws(RecurrentError) -> Int? {
    if team.isFirst { return takeOwn() }
    let place = try ask(Request(.job, after: last))
    return place == Request.none ? nil : place
  }

  /// Tells the first process what came of the last job, without asking for another one.
  func report(_ last: (job: Int, result: Double?)) throws(RecurrentError) {
    if !team.isFirst { _ = try ask(Request(.nothing, after: last)) }
  }

  /// Tells the first process that this one takes no more jobs.
  func leave() throws(RecurrentError) {
    if !team.isFirst { _ = try ask(Request(.toLeave, after: nil)) }
  }

  /// Deals jobs to another process until that has left. Only the first process does.
  ///
  /// - Parameters:
  ///   - isStopped: whether to deal no more.
  ///   - ended: takes in what came of a job.
  /// - Throws: ``RecurrentError`` if the process is lost.
  func serve(_ other: Int, isStopped: () -> Bool, ended: (Int, Double?) -> Void) throws(RecurrentError) {
    while true {
      let request = Request(try team.receive(4, of: 0, from: other))
      if request.ended != Request.none { ended(request.ended, request.result) }
      let answer = request.wish == .job && !isStopped() ? takeOwn() ?? Request.none : Request.none
      try team.send([answer], to: other)
      if request.wish == .toLeave { return }
    }
  }

  private func takeOwn() -> Int? {
    let place = next.add(1, ordering: .relaxed).oldValue
    return place < count ? place : nil
  }

  private func ask(_ request: Request) throws(RecurrentError) -> Int {
    try asking.withLock { _ throws(RecurrentError) in
      try team.send(request.numbers, to: 0)
      return try team.receive(1, of: 0, from: 0)[0]
    }
  }
}

extension Communicator {
  /// Begins a study in the first process, which makes its folder, and then in the others, which find it there.
  ///
  /// - Parameters:
  ///   - begin: begins it in a folder, or in the one that was asked for if that is nil.
  ///   - path: its folder.
  func beginStudy<Session>(_ begin: (String?) throws -> Session, path: (Session) -> String) throws -> Session {
    if size == 1 { return try begin(nil) }
    let first = try together { isFirst ? try begin(nil) : nil }
    let folder = String(decoding: try exchange(Array((first.map(path) ?? "").utf8))[0], as: UTF8.self)
    return try together { try first ?? begin(folder) }
  }
}
