import Engine
import Networks
import Problems
import Sequences
import Support
import Training

/// How far back cells can learn to remember a subject's gender, and how an LSTM does it.
///
/// For each distance a network of each cell is trained from nothing on sentences of that distance, so that its gradient has to
/// reach back all the way. With distances mixed a plain network, too, learns the short ones first, and what it has learnt
/// serves for the long ones. But mixed distances are what makes a memory easy to see, for it must be ready at every word.
package struct AgreementStudy: Sendable {
  /// Recurrent units, and learned numbers for each word.
  package var units = 32
  /// Sentences of a batch.
  package var batch = 32
  /// Batches of each training.
  package var iterations = 1500
  /// Words from a subject to the possessive that must agree with it.
  package var distances = [4, 8, 12, 16, 20, 24]
  /// Distances of the sentence that is shown.
  package var shown = 8...12
  package var seed: UInt64 = 0

  package init() {}

  /// Trains a network on one thread.
  ///
  /// - Parameter report: called behind each iteration with its loss, in nats.
  func train(_ lesson: Lesson, report: (Double) throws -> Void) throws -> Network {
    let network = try Network(
      input: .tokens(Agreement.words, embedding: units), layers: [.init(lesson.cell, units: units)],
      output: .classes(Agreement.possessives.count), seed: seed)
    let rate = try LearningRate(0.003, schedule: .cosine(end: 0.05))
    let options = try TrainingOptions(iterations: iterations, learningRate: rate, clip: 1, seed: seed)
    let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
    let source = ProblemSource(try Agreement(distances: lesson.distances), sequences: batch, seed: seed)
    while !trainer.isOver { try report(trainer.step(on: source).loss.mean) }
    return trainer.network
  }

  /// The share of right answers, half of which are right by guessing, over sentences that no training sees.
  func fractionRight(_ network: Network, distances: ClosedRange<Int>) throws -> Double {
    var random = unseen(.measuring)
    let problem = try Agreement(distances: distances)
    let batch = problem.batch(of: 500, using: &random)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    return problem.fractionRight(try runner.outputs(batch.inputs, lengths: batch.lengths), for: batch)
  }

  /// What sentences are needed for behind the training.
  enum Purpose: Int {
    case measuring, searching, showing, saving
  }

  /// Random numbers of sentences that no training sees: its seed is the complement of theirs.
  func unseen(_ purpose: Purpose) -> Random { Random(.demonstration, purpose.rawValue, seed: seed) }
}
