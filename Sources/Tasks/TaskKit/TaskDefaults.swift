package import Networks
package import Support

/// What holds for a task where a recipe says nothing.
package struct TaskDefaults: Sendable {
  package var units = 128
  package var batch = 50
  package var learningRate = 0.002
  package var clip = 5.0
  /// How many iterations there are, as the help says it.
  package var iterations: Sentence = "those of \(Setting("epochs"))"
  /// Times through the data; nil if the iterations are counted otherwise, or ``epochsHelp`` says more.
  package var epochs: Double?
  package var epochsHelp: Sentence?
  /// Iterations from one validation to the next, as the help says it.
  package var validateEvery: Sentence = ""
  /// Validations without a better one that end a training; 0 if none do.
  package var patience = 0
  /// Units and regularization for small data.
  package var small: (units: Int, regularization: Regularization)?
  /// Recurrent dropout as the help says it, where it depends on the data.
  package var recurrentDropout: Sentence?
  /// Whether layers read both ways if nothing else is said; nil if they can't.
  package var isBidirectional: Bool? = false

  package init() {}
}
