/// What the numbers that a network gives stand for, as far as the network does not say so itself.
package enum OutputMeaning: Sendable {
  /// Symbols of the network's own vocabulary, or numbers without a name.
  case plain
  /// Labels, one for each class, or each with a probability of its own.
  case labels([String])
  /// What is made of the outputs, `[steps, outputs]`: columns of numbers that people know, and the loss of each step.
  case columns(@Sendable (_ outputs: [Float]) -> (columns: [InspectedInput.Column], losses: [Float?]))
}
