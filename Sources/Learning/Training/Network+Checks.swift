package import Networks
import Sequences
package import Support

extension Network {
  /// - Throws: ``RecurrentError`` if the network can't be trained with such options.
  package func check(_ options: TrainingOptions) throws(RecurrentError) {
    try check(frozen: options.frozen ?? [])
    let inputs = graph.inputParts + (graph.context?.encoder?.graph.inputParts ?? [])
    if options.regularization.embeddingDropout > 0,
      !inputs.contains(where: { if case .embedded = $0.form { true } else { false } })
    {
      throw RecurrentError(
        .network,
        naming:
          "the network has no learned vectors of symbols that embedding dropout (\(Setting("embedding-dropout"))) could drop: leave it out, or use "
          + "input dropout (\(Setting("input-dropout")))")
    }
    if options.regularization.labelSmoothing > 0 {
      guard architecture.output.head.smoothsTargets else {
        throw RecurrentError(
          .network,
          naming: architecture.output.head.scoresSequences
            ? "the network scores whole sequences, and label smoothing (\(Setting("label-smoothing"))) is for classes that are scored one by one: leave it out"
            : "the network gives no classes, which label smoothing (\(Setting("label-smoothing"))) is for: leave it out")
      }
    }
    if options.checkpointsGradients, architecture.needsWholeSequences {
      throw RecurrentError(
        .network,
        naming:
          "a network that \(architecture.readsInReverse ? "reads in reverse" : "scores whole sequences") needs all steps at once and can't run them again a few at a time: train it without "
          + "gradient checkpointing (\(Setting("checkpoint-gradients")))")
    }
  }

  /// - Throws: ``RecurrentError`` if the network can't go through such batches.
  func check(_ source: any BatchSource, from iteration: Int) throws(RecurrentError) {
    guard source.continues(at: iteration) || source.continues(at: iteration + 1) else { return }
    if let context = architecture.context {
      throw RecurrentError(
        .network,
        "the network begins each sequence with \(context.summary), and can't take up its states where the batch before ended: train it on "
          + "whole sequences")
    }
    if architecture.output.head.scoresSequences {
      throw RecurrentError(
        .network,
        "a network that scores whole sequences can't take up its states where the batch before ended: train it on whole sequences"
      )
    }
    if architecture.readsInReverse {
      throw RecurrentError(
        .network,
        "a network that reads in reverse can't take up its states where the batch before ended, since it begins at the end of what is "
          + "to come: train it on whole sequences, or build its layers with the direction forward")
    }
  }
}
