import CellLanguage
import Engine
import Networks
import Sequences
import Testing
import Training

struct TrainingWatchTests {
  private let source = FixedSource(features: [1, -2, 3, 0.5, 0.1, -1], values: [0, 1, 0, 1, 1, 0])

  private func trainer(_ cell: Cell, clip: Double? = 5, iterations: Int = 4) throws -> Trainer {
    let network = try Network(
      input: .features(1), layers: [.init(cell, units: 3), .init(.rnn, units: 2)], output: .values(1), seed: 1)
    let options = try TrainingOptions(
      iterations: iterations, learningRate: LearningRate(0.01), clip: clip, validationInterval: 2, watchesGradients: true)
    return Trainer(network, options: options, machine: try Machine(threads: 1))
  }

  /// Gates whose biases leave no doubt.
  @Test func closedAndOpenGatesAreCounted() throws {
    let cell = try Cell(
      parsing:
        "cell sure\ninput x\nstate h\nf = σ(W_f x + b_f)\ni = σ(W_i x + b_i)\ng = σ(b_g)\nh' = f * h + i * x_2 * g * (W x)\n"
        + "init W_f, W_i = 0\ninit b_f = 9\ninit b_i = -9\ninit b_g = 0")
    let watch = try trainer(cell).watch(on: source)
    #expect(watch.gates.map(\.name) == ["f", "i", "g"] && watch.gates.allSatisfy { $0.layer == 1 })
    #expect(watch.gates.map(\.open) == [1, 0, 0])
    #expect(watch.gates.map(\.closed) == [0, 1, 0])
  }

  @Test func gradientsAreThoseOfTheReachAtPowersOfTwo() throws {
    let trainer = try trainer(.lstm)
    let runner = NetworkRunner(trainer.network, machine: trainer.machine, trains: true)
    let batch = source.batch(at: 0)
    let reaches = try runner.gradientReach(batch.inputs, lengths: batch.lengths, seed: 0)
    let gradients = try trainer.watch(on: source).gradients
    #expect(gradients.map(\.state) == ["h", "c", "h"] && gradients.map(\.layer) == [1, 1, 2])
    // Five steps back from the last of six: 1, 2 and 4.
    #expect(gradients.map(\.norms) == reaches.map { [$0.norms[0], $0.norms[1], $0.norms[3]] })
  }

  @Test func eachValidationLogsThem() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder("run"))
    let trainer = try trainer(.gru, iterations: 5)
    _ = try TrainingRun(trainer, folder: run).run(on: source, validation: nil)
    let records = try TrainingLog.records(path: run.log)
    #expect(records.map(\.iteration) == [2, 4, 5])
    #expect(records.allSatisfy { $0.watch?.gates.map(\.name) == ["r", "z"] })
    #expect(try records[2].watch == trainer.watch(on: source))
  }

  /// Watching reads the network and leaves the training as it is.
  @Test func watchingChangesNoBit() throws {
    let watched = try trainer(.lstm)
    let options = try TrainingOptions(iterations: 4, learningRate: LearningRate(0.01), validationInterval: 2)
    let unwatched = Trainer(watched.network, options: options, machine: watched.machine)
    for trainer in [watched, unwatched] { _ = try TrainingRun(trainer).run(on: source, validation: source) }
    #expect(watched.network.parameters == unwatched.network.parameters)
  }

  @Test(arguments: [(1e-9, 1.0), (1e9, 0), (nil, 0)] as [(Double?, Double)])
  func clipsAreCounted(clip: Double?, fraction: Double) throws {
    let trainer = try trainer(.rnn, clip: clip)
    var clipped: [Double] = []
    _ = try TrainingRun(trainer).run(on: source, validation: nil, record: { clipped.append($0.clipped) })
    #expect(clipped == [fraction, fraction])
  }
}
