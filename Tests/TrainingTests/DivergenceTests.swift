import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing
import Training

/// Numbers that go wrong, and the sentence that says where.
struct DivergenceTests {
  private func message(
    cells: [Cell], features: [Float] = [0.5, 1, -1, 0], values: [Float] = [1, 0, 0, 1], optimizer: Optimizer = .sgd(),
    rate: Double = 0.1, dropout: Double = 0, iterations: Int = 3, direction: Architecture.Direction = .forward
  ) throws -> String? {
    let network = try Network(
      input: .features(1), layers: cells.map { .init($0, units: 1, direction: direction) }, output: .values(1), seed: 2)
    let options = try TrainingOptions(
      iterations: iterations, optimizer: optimizer, learningRate: LearningRate(rate), clip: nil,
      regularization: .init(dropout: dropout))
    let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
    let source = FixedSource(features: features, values: values)
    do throws(RecurrentError) {
      for _ in 0..<iterations { try trainer.step(on: source) }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func aFeature() throws {
    #expect(
      try message(cells: [.rnn], features: [0, 1, .nan, 0])
        == "the loss became NaN at iteration 1: the input's feature 0 is nan at step 2 of sequence 0. Correct the data.")
  }

  @Test func aTarget() throws {
    #expect(
      try message(cells: [.rnn], values: [0, -.infinity, .nan, 0])
        == "the loss became NaN at iteration 1: the target's value 0 is -inf at step 1 of sequence 0. Correct the data.")
  }

  /// The quantity is the first that is worked out at the first step where one is not finite, not the first in the text.
  @Test func aCell() throws {
    let cell = try Cell(parsing: "cell boom\ninput x\nstate h\nh' = g - g\ng = exp(100 * x)    # what explodes\n")
    #expect(
      try message(cells: [cell])
        == "the loss became NaN at iteration 1: in layer 1, boom, g (what explodes) is inf at step 1 of sequence 0. "
        + "Lower the learning rate or clip the gradient harder.")
    // What the layer above makes of it does not matter.
    #expect(try message(cells: [cell, .gru]) == message(cells: [cell]))
    #expect(try message(cells: [cell], dropout: 0.5)?.contains("in layer 1, boom, g (what explodes) is inf at step 1") == true)
  }

  /// What reads in reverse comes by the last step first.
  @Test func aCellThatReadsInReverse() throws {
    let cell = try Cell(parsing: "cell boom\ninput x\nstate h\nh' = g - g\ng = exp(100 * x)    # what explodes\n")
    for (direction, place) in [
      (.reverse, "layer 1, reverse, boom, g (what explodes) is inf at step 2"),
      (.bidirectional(.sum, reverse: .rnn), "layer 1, forward, boom, g (what explodes) is inf at step 1"),
    ] as [(Architecture.Direction, String)] {
      #expect(
        try message(cells: [cell], features: [0, 1, 1, 0], direction: direction)
          == "the loss became NaN at iteration 1: in \(place) of sequence 0. Lower the learning rate or clip the gradient harder."
      )
    }
  }

  /// The tanh hides it from the loss, not from the gradient.
  @Test func aStateThatGrows() throws {
    let cell = try Cell(parsing: "cell grow\ninput x\nstate h, c\nh' = tanh(W c)\nc' = exp(exp(c + 1)) + x\n")
    #expect(
      try message(cells: [.rnn, cell])
        == "the gradient is not finite at iteration 1: in layer 2, grow, c' is inf at step 1 of sequence 0. "
        + "Lower the learning rate or clip the gradient harder.")
  }

  @Test func theOutputLayer() throws {
    #expect(
      try message(cells: [.rnn], values: [3e38, 0, 0, 0])
        == "the loss became infinite at iteration 1: the output layer overflowed. "
        + "Lower the learning rate or clip the gradient harder.")
  }

  /// Finite on the way there, infinite on the way back.
  @Test func aGradient() throws {
    let cell = try Cell(parsing: "cell steep\ninput x\nstate h\nh' = 1e30 * (W x)\ninit W = 0\n")
    #expect(
      try message(cells: [.rnn, cell], values: [1e19, 0, 0, 0])
        == "the gradient is not finite at iteration 1: the gradient of W in layer 2, steep, is -inf. "
        + "Lower the learning rate or clip the gradient harder.")
  }

  @Test func anUpdate() throws {
    #expect(
      try message(cells: [.rnn], rate: 1e39)
        == "the update of iteration 1 went wrong: W_x in layer 1, rnn, holds -inf. "
        + "Lower the learning rate or clip the gradient harder.")
  }

  @Test(arguments: [Optimizer.sgd(), .adam(), .rmsprop()])
  func aLearningRateMuchTooLarge(optimizer: Optimizer) throws {
    #expect(
      try message(cells: [.lstm], optimizer: optimizer, rate: 1e30)
        == "the loss became infinite at iteration 2: the output layer overflowed. "
        + "Lower the learning rate or clip the gradient harder.")
  }

  /// A loss that is finite and goes on growing is no training, either.
  @Test func aLossThatGrowsAMillionTimes() throws {
    let said = try #require(try message(cells: [.rnn], rate: 100, iterations: 30))
    let start = try #require(said.firstRange(of: ": it began at "))
    #expect(said.hasPrefix("the loss grew to "))
    #expect(said[start.upperBound...].hasSuffix(". Lower the learning rate or clip the gradient harder."))
    // Growth that stays below goes on.
    #expect(try message(cells: [.rnn], rate: 100, iterations: 2) == nil)
  }

  @Test func nothingHasChangedAfterwards() throws {
    let network = try Network(input: .features(1), layers: [.init(.lstm, units: 3)], output: .values(1), seed: 2)
    let options = try TrainingOptions(iterations: 3, learningRate: LearningRate(0.1), regularization: .init(dropout: 0.2))
    let machine = try Machine(threads: 1)
    let good = FixedSource(features: [1, 2, 3], values: [0, 1, 0])
    let bad = FixedSource(features: [1, .nan, 3], values: [0, 1, 0])
    let (one, other) = (
      Trainer(network, options: options, machine: machine), Trainer(network, options: options, machine: machine)
    )
    try one.step(on: good)
    try other.step(on: good)
    #expect(throws: RecurrentError.self) { try other.step(on: bad) }
    #expect(other.progress.iteration == 1)
    try one.step(on: good)
    try other.step(on: good)
    #expect(one.network.parameters == other.network.parameters)
  }

  @Test func aValidation() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 1)], output: .values(1), seed: 2)
    let trainer = Trainer(
      network, options: try TrainingOptions(iterations: 3, learningRate: LearningRate(0.1)), machine: try Machine(threads: 1))
    let error = #expect(throws: RecurrentError.self) {
      try trainer.evaluate(FixedSource(features: [.nan], values: [0]))
    }
    #expect(
      error?.description
        == "the loss became NaN in the validation after iteration 0: the input's feature 0 is nan at step 0 of sequence 0. "
        + "Correct the data.")
  }
}
