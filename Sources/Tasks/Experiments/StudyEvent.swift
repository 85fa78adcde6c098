package import Support
package import TaskKit

/// What happens while several trainings go on. Events come one at a time, though from any thread.
package enum StudyEvent: Sendable {
  /// A message for the user.
  case message(Sentence)
  /// A note of the task on its data and on what it has chosen.
  case note(Note)
  /// Some trainings begin, which run side by side.
  ///
  /// - Parameters:
  ///   - iterations: those of all trainings together.
  ///   - done: how many are done already, by run.
  case begun(iterations: Int, done: [String: Int])
  /// A run has done an iteration; `loss` is the mean loss of its batch.
  case advanced(run: String, iteration: Int, loss: Double)
  /// A run has ended. Iterations that it did not need count as done.
  case ended(run: String, iterations: Int)
  /// All trainings have ended or stopped.
  case finished
}

/// Receives the events of a study.
package typealias StudyObserver = @Sendable (StudyEvent) -> Void

/// How far one of several trainings has come.
public struct StudyProgress: Sendable, Hashable {
  /// The name of the run's folder: `gru-0`.
  public let run: String
  /// The number of iterations done.
  public let iteration: Int
  /// The mean loss of the iteration's batch.
  public let loss: Double
}

extension StudyProgress {
  /// An observer that passes on progress only.
  static func observer(_ progress: @escaping @Sendable (StudyProgress) -> Void) -> StudyObserver {
    { event in
      guard case .advanced(let run, let iteration, let loss) = event else { return }
      progress(StudyProgress(run: run, iteration: iteration, loss: loss))
    }
  }
}

/// Sends an observer the notes that `body` makes, whether or not it throws.
func telling<Result>(_ observe: StudyObserver, _ body: (inout [Note]) throws -> Result) rethrows -> Result {
  var notes: [Note] = []
  defer { for note in notes { observe(.note(note)) } }
  return try body(&notes)
}
