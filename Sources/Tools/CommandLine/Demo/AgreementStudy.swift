import Engine
import Networks
import Problems
import Sequences
import Support
import Training

/// How far back cells can learn to remember a subject's gender, and how an LSTM does it.
///
/// For each distance a new network of each cell is trained on sentences of that distance, so that its gradient has to
/// reach back all the way. With mixed distances a plain network, too, learns the short ones first, and what it has learned
/// serves for the long ones. But mixed distances make a memory easier to see, since it must be ready at every word.
package struct AgreementStudy: Sendable {
  /// The number of recurrent units, and the length of the learned vector for each word.
  package var units = 32
  /// The number of sentences in a batch.
  package var batch = 32
  /// The number of batches of each training.
  package var iterations = 1500
  /// The numbers of words from a subject to the possessive that must agree with it.
  package var distances = [4, 8, 12, 16, 20, 24]
  /// The distances in the sentence that is shown.
  package var shown = 8...12
  package var seed: UInt64 = 0

  package init() {}

  /// Trains a network on one thread.
  ///
  /// - Parameter report: called after each iteration with its loss, in nats.
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

  /// The fraction of right answers over sentences that no training sees; guessing would give a half.
  func fractionRight(_ network: Network, distances: ClosedRange<Int>) throws -> Double {
    var random = unseen(.measuring)
    let problem = try Agreement(distances: distances)
    let batch = problem.batch(of: 500, using: &random)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    return problem.fractionRight(try runner.outputs(batch.inputs, lengths: batch.lengths), for: batch)
  }

  /// What sentences are needed for after the training.
  enum Purpose: Int {
    case measuring, searching, showing, saving
  }

  /// The random numbers of sentences that no training sees, whose seed is the complement of the training's.
  func unseen(_ purpose: Purpose) -> Random { Random(.demonstration, purpose.rawValue, seed: seed) }
}
