import CellLanguage
import Engine
import LanguageModels
import Networks
import Problems
import Sequences
import Support
import Testing
import Training

/// Trainings that a network that reads in reverse can't have, and the sentence that says so.
struct ReverseRefusalTests {
  private func network(_ output: Architecture.Output, _ input: Architecture.Input) throws -> Network {
    try Network(input: input, layers: [.init(.rnn, units: 2, direction: .bidirectional(.concatenate))], output: output)
  }

  @Test func aText() throws {
    let text = try TokenizedText(madeUpText(200), as: .characters)
    var network = try network(.categorical, .tokens(text.vocabulary))
    let before = network.parameters
    let error = #expect(throws: RecurrentError.self) { try network.train(on: text, epochs: 1, batch: 2, sequence: 10) }
    #expect(
      error?.description
        == "a network that reads in reverse can't take up its states where the batch before ended, since it begins at the end of "
        + "what is to come: train it on whole sequences, or build its layers with the direction forward")
    #expect(network.parameters == before)
  }

  @Test func fewStepsKept() throws {
    var network = try network(.values(1), .features(2))
    let source = ProblemSource(try Adding(steps: 5), sequences: 2, seed: 1)
    let options = try TrainingOptions(iterations: 1, learningRate: LearningRate(0.1), checkpointsGradients: true)
    let error = #expect(throws: RecurrentError.self) { try network.train(on: source, options: options) }
    #expect(
      error?.description
        == "a network that reads in reverse needs all steps at once and can't run them again a few at a time: train it without "
        + "gradient checkpointing (checkpointGradients)")
    try network.train(on: source, options: TrainingOptions(iterations: 1, learningRate: LearningRate(0.1)))
  }
}
