package import Networks
package import Support

/// What holds for a task where a recipe says nothing.
public struct TaskDefaults: Sendable {
  public var units = 128
  public var batch = 50
  public var learningRate = 0.002
  public var clip = 5.0
  /// How many iterations there are, as the help says it.
  package var iterations: Sentence = "those of \(Setting("epochs"))"
  /// Times through the data; nil if the iterations are counted otherwise, or ``epochsHelp`` says more.
  public var epochs: Double?
  package var epochsHelp: Sentence?
  /// Iterations from one validation to the next, as the help says it.
  package var validateEvery: Sentence = ""
  /// Validations without a better one that end a training; 0 if none do.
  public var patience = 0
  /// Units and regularization for small data.
  package var small: (units: Int, regularization: Regularization)?
  /// Recurrent dropout as the help says it, where it depends on the data.
  package var recurrentDropout: Sentence?
  /// Whether layers read both ways if nothing else is said; nil if they can't.
  public var isBidirectional: Bool? = false

  public init() {}
}
