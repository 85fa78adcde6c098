import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing
import Training

/// What a step of training does to the weights, against the optimisers' formulas in Double.
struct UpdateTests {
  static let optimizers: [Optimizer] = [
    .sgd(), .sgd(momentum: 0.9), .rmsprop(decay: 0.9), .adam(), .adamw(weightDecay: 0.1),
  ]

  /// With weight decay, whoever's it is.
  static let decays: [(optimizer: Optimizer, own: Double, whole: Double)] =
    optimizers.map { ($0, 0, $0 == .adamw(weightDecay: 0.1) ? 0.1 : 0) }
    + [Optimizer.sgd(), .rmsprop(decay: 0.9), .adam()].map { ($0, 0.2, 0.2) }

  /// An optimiser in Double, as its paper has it.
  struct Formula {
    let optimizer: Optimizer
    var first: [Double]
    var second: [Double]

    init(_ optimizer: Optimizer, count: Int) {
      self.optimizer = optimizer
      first = Array(repeating: 0, count: count)
      second = first
    }

    /// What is taken from weight `index`, and how large the numbers were of which it is made.
    mutating func change(_ index: Int, gradient: Double, rate: Double, step: Int) -> (Double, magnitude: Double) {
      func power(_ base: Double) -> Double { (0..<step).reduce(1) { product, _ in product * base } }
      switch optimizer {
      case .sgd(let momentum):
        let magnitude = abs(momentum * first[index]) + abs(gradient)
        first[index] = momentum * first[index] + gradient
        return (rate * first[index], rate * magnitude)
      case .rmsprop(let decay, let epsilon):
        first[index] = decay * first[index] + (1 - decay) * gradient * gradient
        let change = rate * gradient / (first[index].squareRoot() + epsilon)
        return (change, abs(change))
      case .adam(let beta1, let beta2, let epsilon), .adamw(let beta1, let beta2, let epsilon, _):
        let magnitude = abs(beta1 * first[index]) + abs((1 - beta1) * gradient)
        first[index] = beta1 * first[index] + (1 - beta1) * gradient
        second[index] = beta2 * second[index] + (1 - beta2) * gradient * gradient
        let scale = rate / (1 - power(beta1)) / ((second[index] / (1 - power(beta2))).squareRoot() + epsilon)
        return (scale * first[index], scale * magnitude)
      }
    }
  }

  /// Six steps with a warm-up, a schedule, and a clip that takes effect or none.
  ///
  /// A change is made of at most 16 roundings (the optimisers' formulas have up to 12, the scaled gradient 3 more), and the
  /// moments carry those of the steps before; beta and decay, given as Float, add two each. All are 2⁻²⁴ of the
  /// numbers that they act on. The new weight is rounded once, and once more where it decays; what it loses so, three times.
  @Test(arguments: decays, [nil, 0.01] as [Double?])
  func stepsFollowTheFormula(setting: (optimizer: Optimizer, own: Double, whole: Double), clip: Double?) throws {
    let (optimizer, decay) = (setting.optimizer, setting.whole)
    let network = try Network(input: .features(2), layers: [.init(.gru, units: 5)], output: .values(1), seed: 1)
    let source = FixedSource(features: [1, -1, 0.5, 2, -0.25, 0], width: 2, values: [0.5, -1, 2])
    let rates = try LearningRate(0.01, schedule: .step(every: 2, factor: 0.5), warmup: 2)
    let options = try TrainingOptions(
      iterations: 6, optimizer: optimizer, learningRate: rates, clip: clip,
      regularization: .init(weightDecay: setting.own))
    let machine = try Machine(threads: 1)
    let trainer = Trainer(network, options: options, machine: machine)
    let isMatrix = network.layout.entries.flatMap { entry in entry.range.map { _ in entry.shape.count == 2 } }
    var formula = Formula(optimizer, count: network.parameters.count)
    for (step, fraction) in [0.5, 1, 1, 1, 0.5, 0.5].enumerated() {
      let before = trainer.network
      let batch = source.batch(at: step)
      var gradient = [Float](repeating: 0, count: before.parameters.count)
      let loss = try NetworkRunner(before, machine: machine, trains: true)
        .run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
      let taken = try trainer.step(on: source)
      let norm = gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(taken.loss.sum == loss.sum)
      #expect(abs(taken.gradientNorm - norm) <= 1e-12 * norm)
      #expect(taken.rate == 0.01 * fraction)
      let factor = clip.map { $0 < norm ? $0 / norm : 1 } ?? 1
      #expect(clip == nil || factor < 1)
      for index in gradient.indices {
        let weight = Double(before.parameters[index])
        let (change, magnitude) = formula.change(
          index, gradient: Double(gradient[index]) * factor, rate: taken.rate, step: step + 1)
        let lost = isMatrix[index] ? taken.rate * decay * weight : 0
        let bound = 0x1p-24 * (2 * abs(weight) + 3 * abs(lost) + 20 * Double(step + 1) * magnitude)
        #expect(abs(Double(trainer.network.parameters[index]) - (weight - lost - change)) <= bound)
      }
    }
    #expect(trainer.isOver)
  }

  @Test func aGradientBelowTheClipIsLeftAlone() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 3)], output: .values(1), seed: 1)
    let source = FixedSource(features: [1, 2], values: [1, 1])
    func weights(clip: Double?) throws -> [Float] {
      let options = try TrainingOptions(iterations: 3, optimizer: .sgd(), learningRate: LearningRate(0.1), clip: clip)
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1))
      for _ in 0..<3 { try trainer.step(on: source) }
      return trainer.network.parameters
    }
    #expect(try weights(clip: 1e6) == weights(clip: nil))
    #expect(try weights(clip: 0.1) != weights(clip: nil))
  }

  @Test func aPlateauLowersTheRateOfTheNextStep() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 3)], output: .values(1), seed: 1)
    let source = FixedSource(features: [1, 2], values: [1, 1])
    let rate = try LearningRate(0.1, schedule: .plateau(patience: 2, factor: 0.25))
    let trainer = Trainer(
      network, options: try TrainingOptions(iterations: 9, learningRate: rate), machine: try Machine(threads: 1))
    var rates: [Double] = []
    for loss in [2.0, 3, 3, 3, 3, 1] {
      rates.append(try trainer.step(on: source).rate)
      _ = trainer.record(validation: loss)
    }
    #expect(rates == [0.1, 0.1, 0.1, 0.025, 0.025, 0.00625])
    #expect(trainer.progress.best.loss == 1)
  }

  @Test func optionsThatMakeNoSenseAreRefused() throws {
    let good = try TrainingOptions(iterations: 1, learningRate: LearningRate(1))
    func refusal(_ change: (inout TrainingOptions) -> Void) -> String? {
      var bad = good
      change(&bad)
      let error = #expect(throws: RecurrentError.self) {
        try TrainingOptions(
          iterations: bad.iterations, optimizer: bad.optimizer, learningRate: bad.learningRate, clip: bad.clip,
          regularization: bad.regularization, validationInterval: bad.validationInterval, patience: bad.patience)
      }
      return error?.description
    }
    #expect(refusal { $0.iterations = -1 } == "training takes -1 iterations; it must take at least 0")
    #expect(refusal { $0.validationInterval = 0 } == "a validation every 0 iterations: give at least 1")
    #expect(refusal { $0.regularization.dropout = 1 } == "the dropout is 1.0; it must be at least 0 and below 1")
    #expect(
      refusal { $0.regularization.weightDrop = -0.1 } == "the weight drop is -0.1; it must be at least 0 and below 1")
    #expect(refusal { $0.regularization.labelSmoothing = 1 } == "the label smoothing is 1.0; it must be at least 0 and below 1")
    #expect(refusal { $0.regularization.temporalPenalty = -1 } == "the temporal penalty is -1.0; it must be at least 0")
    #expect(
      refusal { ($0.optimizer, $0.regularization.weightDecay) = (.adamw(), 0.1) }
        == "adamw has a weight decay of its own, and the regularization has one, too: give it one of them")
    #expect(refusal { $0.clip = 0 } == "the gradient is clipped at 0.0; clip above 0, or not at all")
    #expect(refusal { $0.clip = .nan } == "the gradient is clipped at nan; clip above 0, or not at all")
    #expect(refusal { $0.patience = 0 } == "the patience is 0 validations; it must be at least 1")
    #expect(refusal { $0.optimizer = .sgd(momentum: 2) } == "momentum is 2.0; it must be at least 0 and below 1")
  }
}
