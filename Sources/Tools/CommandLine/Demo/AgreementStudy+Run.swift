import CellLanguage
import CommandKit
import Console
import Engine
import Networks
import Support
import Synchronization

extension AgreementStudy {
  /// A network to train: its cell, and the distances of the sentences that it learns from.
  struct Lesson: Sendable, Hashable {
    let cell: Cell
    let distances: ClosedRange<Int>
  }

  /// A trained network, and the fraction of questions at its distances that it answers right.
  struct Outcome: Sendable {
    let network: Network
    let fractionRight: Double
  }

  /// Trains a network for each lesson, two at a time, and measures it.
  ///
  /// - Throws: ``Interrupted`` if the user asks to stop.
  func run(_ lessons: [Lesson], on terminal: Terminal) throws -> [Lesson: Outcome] {
    let work = Mutex(Work(lessons))
    let progress = Mutex(Progress(ProgressLine(total: lessons.count * iterations, things: "batches", on: terminal)))
    try Interrupt.watching {
      try Machine(threads: 2).concurrently(2) { _ in
        while let lesson = work.withLock({ $0.next() }) {
          let outcome = Result {
            let network = try train(lesson) { loss in
              if let interrupted = Interrupt.request { throw interrupted }
              progress.withLock { $0.advance("\(lesson) loss \(loss.fixed(3))") }
            }
            return Outcome(network: network, fractionRight: try fractionRight(network, distances: lesson.distances))
          }
          work.withLock { $0.note(lesson, outcome) }
        }
      }
    }
    progress.withLock { $0.line.clear() }
    return try work.withLock { try $0.outcomes.get() }
  }

  /// The lessons that are left, and the results of the others.
  private struct Work {
    private var lessons: [Lesson]
    private(set) var outcomes: Result<[Lesson: Outcome], any Error> = .success([:])

    /// The lessons that are left. The longest come last, and are taken first, so that both threads end at about the same time.
    init(_ lessons: [Lesson]) { self.lessons = lessons.sorted { $0.distances.upperBound < $1.distances.upperBound } }

    /// The next lesson; nil if all are done or one has failed.
    mutating func next() -> Lesson? {
      guard case .success = outcomes else { return nil }
      return lessons.popLast()
    }

    mutating func note(_ lesson: Lesson, _ outcome: Result<Outcome, any Error>) {
      outcomes = outcomes.flatMap { known in outcome.map { known.merging([lesson: $0]) { $1 } } }
    }
  }

  private struct Progress {
    var line: ProgressLine
    private var done = 0

    init(_ line: ProgressLine) { self.line = line }

    mutating func advance(_ detail: @autoclosure () -> String) {
      done += 1
      line.update(done, detail())
    }
  }
}

extension AgreementStudy.Lesson: CustomStringConvertible {
  /// The cell and its distances: `lstm at 2...20`.
  var description: String {
    let all = distances.count == 1 ? "\(distances.lowerBound)" : "\(distances)"
    return "\(cell.name) at \(all)"
  }
}
