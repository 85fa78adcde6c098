import CommandKit
import Engine
import Networks
import Problems
import Sequences
import Support

/// A sentence as a network reads it, with a unit of its state.
struct AgreementReading: Sendable {
  let sentence: Agreement.Sentence
  let unit: GenderUnit
  /// The value of the unit after each word that is read.
  let values: [Double]
  /// The probabilities of the possessives after each word that is read.
  let answers: [[Double]]
}

/// A unit of a state that correlates with the subject's gender.
struct GenderUnit: Sendable {
  /// The name of the state in traces.
  let quantity: String
  let index: Int
  /// Its correlation with the gender: positive if it is high for "her".
  let correlation: Double
}

extension AgreementStudy {
  /// The unit of a state that correlates best with the gender of the current subject, over sentences that no training sees.
  func genderUnit(of network: Network, state: String, distances: ClosedRange<Int>) throws -> GenderUnit {
    let problem = try Agreement(distances: distances)
    var random = unseen(.searching)
    // Sorted by length as batches are, so that a sentence's index is that of its sequence.
    let sentences = (0..<200).map { _ in problem.sentence(using: &random) }
      .sorted { $0.questions.last?.position ?? 0 > $1.questions.last?.position ?? 0 }
    let batch = problem.batch(of: sentences)
    var genders = [Double?](repeating: nil, count: batch.lengths.rows)
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      for (step, gender) in sentences[sequence].awaitedGenders.prefix(length).enumerated() {
        genders[batch.lengths.row(step: step, sequence: sequence)] = gender.map(Double.init)
      }
    }
    let quantity = try trace(network, batch, state)
    let correlations = quantity.correlations(with: genders)
    let index = correlations.indices.max { abs(correlations[$0]) < abs(correlations[$1]) } ?? 0
    return GenderUnit(quantity: state, index: index, correlation: correlations[index])
  }

  /// A sentence in which a subject takes the place of one of the other gender, as the network reads it.
  func read(with network: Network, unit: GenderUnit) throws -> AgreementReading {
    let problem = try Agreement(distances: shown)
    var random = unseen(.showing)
    var sentence = problem.sentence(using: &random)
    while sentence.subjects.count != 2 || sentence.questions.count != 2 || Set(sentence.subjects.map(\.gender)).count != 2 {
      sentence = problem.sentence(using: &random)
    }
    let batch = problem.batch(of: [sentence])
    let rows = 0..<batch.lengths.rows
    let quantity = try trace(network, batch, unit.quantity)
    let outputs = try NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
      .outputs(batch.inputs, lengths: batch.lengths)
    let width = Agreement.possessives.count
    return AgreementReading(
      sentence: sentence, unit: unit, values: rows.map { Double(quantity.values[$0 * quantity.width + unit.index]) },
      answers: rows.map { outputs[$0 * width..<($0 + 1) * width].map(Double.init) })
  }

  private func trace(_ network: Network, _ batch: Batch, _ quantity: String) throws -> Trace.Quantity {
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let quantities = try runner.trace(batch.inputs, lengths: batch.lengths)[0].quantities
    guard let found = quantities.first(where: { $0.name == quantity }) else {
      throw RecurrentError(.unsuitable, "the network's first layer has no \(quantity)")
    }
    return found
  }
}
