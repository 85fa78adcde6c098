public import Engine
public import Networks
public import Sequences
import Support
public import Training

extension Network {
  /// Trains the network on a text: to predict each token from those before it.
  ///
  /// - Parameters:
  ///   - text: in the symbols that the network reads.
  ///   - epochs: how often the text is gone through.
  ///   - batch: streams of the text that are read side by side.
  ///   - sequence: steps that the gradient reaches back.
  ///   - learningRate: of Adam.
  ///   - heldOut: the fraction at the end of the text that is not trained on; the network keeps the weights with which it
  ///     predicts that part best.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  /// - Throws: ``RecurrentError`` if the text is too short, the network has another vocabulary or reads in reverse, a setting
  ///   makes no sense, or a number is no longer finite. The network is then as it was.
  public mutating func train(
    on text: TokenizedText, epochs: Double = 10, batch: Int = 50, sequence: Int = 50, learningRate: Double = 0.002,
    heldOut: Double = 0.05, machine: Machine? = nil, progress: (TrainingProgress) -> Void = { _ in }
  ) throws {
    guard architecture.vocabulary == text.vocabulary else {
      throw RecurrentError(.network, "the network does not read the text's vocabulary: build it with `.tokens(text.vocabulary)`")
    }
    let data = try TextData(text, batch: batch, sequence: sequence, validation: heldOut)
    let options = try TrainingOptions(
      epochs: epochs, of: data.training.windows.windowsPerEpoch, learningRate: learningRate)
    try train(on: data.training, validation: data.validation, options: options, machine: machine, progress: progress)
  }
}
