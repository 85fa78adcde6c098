import CellLanguage
import Engine
import Foundation
import LanguageModels
import Networks
import Sequences
import Support
import Testing
import Training

/// Parts that are frozen keep their bits, and count nowhere.
struct FrozenTests {
  static let optimizers: [Optimizer] = [.sgd(), .sgd(momentum: 0.9), .rmsprop(), .adam(), .adamw(weightDecay: 0.1)]

  private func data() throws -> TextData {
    try TextData(TokenizedText(madeUpText(400), as: .characters), batch: 4, sequence: 10, validation: 0.1)
  }

  private func network(tiesEmbedding: Bool = false) throws -> Network {
    try Network(
      input: .tokens(data().vocabulary, embedding: 6), layers: [.init(.lstm, units: 6), .init(.gru, units: 6)],
      output: .categorical, tiesEmbedding: tiesEmbedding, seed: 5)
  }

  private func options(_ optimizer: Optimizer = .adam(), frozen: [String]?, clip: Double? = 0.05) throws -> TrainingOptions {
    var regularization = Regularization()
    if optimizer.weightDecay == 0 { regularization.weightDecay = 0.1 }
    var options = try TrainingOptions(
      iterations: 12, optimizer: optimizer, learningRate: LearningRate(0.02), clip: clip, regularization: regularization,
      validationInterval: 4, seed: 2)
    options.frozen = frozen
    return options
  }

  private func trained(_ network: Network, _ options: TrainingOptions, threads: Int = 1) throws -> Trainer {
    let (trainer, data) = (Trainer(network, options: options, machine: try Machine(threads: threads)), try data())
    while !trainer.isOver { try trainer.step(on: data.training) }
    return trainer
  }

  private func bits(_ network: Network, _ part: String) -> [UInt32] {
    let ranges = network.layout.parts.filter { $0.name == part }.flatMap(\.weights)
    return ranges.flatMap { network.parameters[$0].map(\.bitPattern) }
  }

  /// Weight decay, momentum and clipping leave them alone, and all others change.
  @Test(arguments: optimizers, ["embedding", "layer1", "layer2", "head"])
  func aFrozenPartKeepsItsBits(optimizer: Optimizer, part: String) throws {
    let network = try network()
    let after = try trained(network, options(optimizer, frozen: [part])).network
    for (name, _) in network.layout.parts { #expect((bits(after, name) == bits(network, name)) == (name == part), "\(name)") }
  }

  private static let echo = "cell echo\ninput x\nstate h\nh' = tanh(U h + W x + b)\nfixed U, W\n"

  /// What a cell calls fixed keeps its bits, whatever the optimiser does to the rest.
  @Test(arguments: optimizers)
  func aFixedParameterKeepsItsBits(optimizer: Optimizer) throws {
    let network = try Network(
      input: .tokens(data().vocabulary, embedding: 6), layers: [.init(Cell(parsing: Self.echo), units: 6)],
      output: .categorical, seed: 5)
    let after = try trained(network, options(optimizer, frozen: nil)).network
    for entry in network.layout.entries {
      let isKept = after.parameters[entry.range].map(\.bitPattern) == network.parameters[entry.range].map(\.bitPattern)
      #expect(isKept == ["layers.0.U", "layers.0.W"].contains(entry.name), "\(entry.name)")
    }
  }

  @Test func whereEverythingIsFixedNothingIsLeftToTrain() throws {
    let cell = try Cell(parsing: "cell still\ninput x\nstate h\nh' = tanh(U h + W x)\nfixed U, W\n")
    let network = try Network(input: .features(2), layers: [.init(cell, units: 3)], output: .values(1))
    let error = #expect(throws: RecurrentError.self) { try network.check(frozen: ["head"]) }
    #expect(
      error?.description == """
        the cells of the network say that all its weights are fixed but those that freeze names, so that nothing is left to \
        train: leave one out
        """)
    #expect(throws: Never.self) { try network.check(frozen: []) }
  }

  @Test func thePartsAreNamedAsPeopleCount() throws {
    #expect(try network().layout.parts.map(\.name) == ["embedding", "layer1", "layer2", "head"])
    let both = try Network(
      input: .features(1), layers: [.init(.rnn, units: 2, direction: .bidirectional(.concatenate))], output: .values(1))
    #expect(both.layout.parts.map(\.name) == ["layer1", "head"])
    let all = both.layout.parts.flatMap(\.weights).reduce(0) { $0 + $1.count }
    #expect(all == both.parameters.count)
  }

  /// The norm is that of the other gradients, which are the same whatever is frozen.
  @Test func aFrozenPartDoesNotCountInTheNorm() throws {
    let (network, data) = (try network(), try data())
    func norm(_ frozen: [String]?) throws -> Double {
      try Trainer(network, options: options(frozen: frozen), machine: Machine(threads: 1)).step(on: data.training).gradientNorm
    }
    let whole = try norm(nil)
    let parts = network.layout.parts.map(\.name)
    let squares = try parts.map { part in try norm(parts.filter { $0 != part }) }.map { $0 * $0 }
    #expect(abs(squares.reduce(0, +).squareRoot() - whole) < 1e-5 * whole)
    #expect(try norm(["layer1"]) < whole)
  }

  @Test func threadsDoNotShow() throws {
    let options = try options(frozen: ["layer1", "embedding"])
    let (one, two) = (try trained(network(), options), try trained(network(), options, threads: 2))
    #expect(one.network.parameters.map(\.bitPattern) == two.network.parameters.map(\.bitPattern))
  }

  @Test func aCheckpointKnowsWhatIsFrozen() throws {
    let (folder, data) = (try TemporaryFolder(), try data())
    let options = try options(frozen: ["layer1"])
    let trainer = Trainer(try network(), options: options, machine: try Machine(threads: 1))
    for _ in 0..<5 { try trainer.step(on: data.training) }
    try trainer.checkpoint().save(to: folder("checkpoint.safetensors"))
    let resumed = Trainer(try Checkpoint(contentsOf: folder("checkpoint.safetensors")), machine: try Machine(threads: 1))
    #expect(resumed.options.frozen == ["layer1"])
    while !resumed.isOver { try resumed.step(on: data.training) }
    let whole = try trained(network(), options).network
    #expect(resumed.network.parameters.map(\.bitPattern) == whole.parameters.map(\.bitPattern))
  }

  /// The embedding on top is frozen with the one below, and the head is its bias alone.
  @Test func aTiedEmbeddingIsFrozenAsOne() throws {
    let network = try network(tiesEmbedding: true)
    let after = try trained(network, options(frozen: ["embedding"])).network
    #expect(bits(after, "embedding") == bits(network, "embedding") && bits(after, "head") != bits(network, "head"))
    #expect(bits(after, "head").count == network.architecture.vocabulary?.count)
  }

  @Test(arguments: [
    (["layer3"], "freeze names \"layer3\", which is no part of the network: its parts are embedding, layer1, layer2, head"),
    ([""], "freeze names \"\", which is no part of the network: its parts are embedding, layer1, layer2, head"),
    (
      ["head", "layer2", "layer1", "embedding"],
      "freeze names all parts of the network, so that nothing is left to train: leave one out"
    ),
  ])
  func whatCanNotBeFrozenIsRefused(frozen: [String], sentence: String) throws {
    let error = #expect(throws: RecurrentError.self) { try network().check(options(frozen: frozen)) }
    #expect(error?.description == sentence)
  }
}
