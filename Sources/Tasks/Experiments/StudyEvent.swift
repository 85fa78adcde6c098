package import Support
package import TaskKit

/// What happens while several trainings go on. Events come one at a time, though from any thread.
package enum StudyEvent: Sendable {
  /// Something to tell people.
  case message(Sentence)
  /// What the task has said while it read the data and chose what the recipe leaves open.
  case note(Note)
  /// Trainings begin that go on side by side.
  ///
  /// - Parameters:
  ///   - iterations: of all of them together.
  ///   - done: how many of them are done already, by run.
  case begun(iterations: Int, done: [String: Int])
  /// A run has come to an iteration; `loss` is the mean since the last record of its log.
  case advanced(run: String, iteration: Int, loss: Double)
  /// A run has ended. What it left undone of its iterations counts as done.
  case ended(run: String, iterations: Int)
  /// No training goes on any more.
  case finished
}

/// Is told what happens.
package typealias StudyObserver = @Sendable (StudyEvent) -> Void

/// How far one of several trainings has come.
public struct StudyProgress: Sendable, Hashable {
  /// As the folder of the run is called: `gru-0`.
  public let run: String
  /// Iterations done.
  public let iteration: Int
  /// The mean loss since the last record of the run's log.
  public let loss: Double
}

extension StudyProgress {
  /// An observer that hears of progress only.
  static func observer(_ progress: @escaping @Sendable (StudyProgress) -> Void) -> StudyObserver {
    { event in
      guard case .advanced(let run, let iteration, let loss) = event else { return }
      progress(StudyProgress(run: run, iteration: iteration, loss: loss))
    }
  }
}

/// Tells an observer what `body` notes, whether or not it comes to its end.
func telling<Result>(_ observe: StudyObserver, _ body: (inout [Note]) throws -> Result) rethrows -> Result {
  var notes: [Note] = []
  defer { for note in notes { observe(.note(note)) } }
  return try body(&notes)
}
