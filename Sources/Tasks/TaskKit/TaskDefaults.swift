package import Networks
package import Support

/// The defaults of a task for what a recipe leaves open.
package struct TaskDefaults: Sendable {
  /// The cell of all layers, by its name in the library.
  package var cell = "lstm"
  package var units = 128
  package var batch = 50
  package var learningRate = 0.002
  package var clip = 5.0
  /// The default number of iterations, as the help says it.
  package var iterations: Sentence = "those of \(Setting("epochs"))"
  /// The default number of epochs; nil if iterations are counted otherwise, or ``epochsHelp`` says more.
  package var epochs: Double?
  package var epochsHelp: Sentence?
  /// The default interval of validations, as the help says it.
  package var validateEvery: Sentence = ""
  /// Validations without a better one that end a training; 0 if none do.
  package var patience = 0
  /// Units and regularization for small data.
  package var small: (units: Int, regularization: Regularization)?
  /// The default recurrent dropout as the help says it, if it depends on the data.
  package var recurrentDropout: Sentence?
  /// Whether layers read both ways by default; nil if they can't.
  package var isBidirectional: Bool? = false

  package init() {}
}
