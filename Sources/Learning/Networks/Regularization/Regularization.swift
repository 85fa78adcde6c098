/// What training does against overfitting. All of it is off in evaluation.
///
/// Where a fraction is set to 0, the rest is scaled up, so that sums stay what they are on average. Zoneout is not here: as it is
/// a part of what a cell computes, the cell says it (``CellLanguage/Cell/zoningOut(_:)``).
package struct Regularization: Sendable, Hashable, Codable {
  /// The fraction of each layer's outputs set to 0 (Srivastava et al. 2014; between layers only: Zaremba et al. 2014).
  package var dropout: Double
  /// The fraction of the vectors that the first layer reads set to 0.
  package var inputDropout: Double
  /// Whether these two set the same elements to 0 at all steps of a sequence (Gal & Ghahramani 2016).
  package var isVariational: Bool
  /// The fraction of each state set to 0 where matrices read it, the same elements at all steps of a sequence (Gal &
  /// Ghahramani 2016). The states themselves stay whole.
  package var recurrentDropout: Double
  /// The fraction of the recurrent matrices' weights set to 0, the same for all sequences and steps of a batch (DropConnect on
  /// the recurrence: Merity, Keskar & Socher 2018).
  package var weightDrop: Double
  /// The fraction of the symbols whose vector is 0 wherever they stand in a batch (Gal & Ghahramani 2016; Merity et al. 2018).
  package var embeddingDropout: Double
  /// The fraction of itself that each weight loses at each step, times the learning rate, beside what the gradient does to them
  /// (Loshchilov & Hutter 2019). Only matrices decay: biases, peepholes and learned initial states have no scale to lose.
  package var weightDecay: Double
  /// The weight of the mean square of the last layer's outputs, after dropout, in what is minimised beside the loss (Merity,
  /// McCann & Socher 2017, Revisiting activation regularization for language RNNs). The reported loss is that of the targets
  /// alone.
  package var activationPenalty: Double
  /// The weight of the mean square by which the last layer's outputs, before dropout, change from step to step.
  package var temporalPenalty: Double
  /// The fraction of a target that is spread evenly over all classes (Szegedy et al. 2016). The reported loss is that of the
  /// target itself.
  package var labelSmoothing: Double

  package init(
    dropout: Double = 0, inputDropout: Double = 0, isVariational: Bool = false, recurrentDropout: Double = 0,
    weightDrop: Double = 0, embeddingDropout: Double = 0, weightDecay: Double = 0, activationPenalty: Double = 0,
    temporalPenalty: Double = 0, labelSmoothing: Double = 0
  ) {
    self.dropout = dropout
    self.inputDropout = inputDropout
    self.isVariational = isVariational
    self.recurrentDropout = recurrentDropout
    self.weightDrop = weightDrop
    self.embeddingDropout = embeddingDropout
    self.weightDecay = weightDecay
    self.activationPenalty = activationPenalty
    self.temporalPenalty = temporalPenalty
    self.labelSmoothing = labelSmoothing
  }

  /// What older checkpoints do not name is off.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double { try container.decodeIfPresent(Double.self, forKey: key) ?? 0 }
    self.init(
      dropout: try number(.dropout), inputDropout: try number(.inputDropout),
      isVariational: try container.decodeIfPresent(Bool.self, forKey: .isVariational) ?? false,
      recurrentDropout: try number(.recurrentDropout), weightDrop: try number(.weightDrop),
      embeddingDropout: try number(.embeddingDropout), weightDecay: try number(.weightDecay),
      activationPenalty: try number(.activationPenalty), temporalPenalty: try number(.temporalPenalty),
      labelSmoothing: try number(.labelSmoothing))
  }
}

extension Regularization {
  /// What acts in a network within another one. Penalties and smoothed labels belong to the outer one's output.
  var ofNested: Regularization {
    var own = self
    (own.activationPenalty, own.temporalPenalty, own.labelSmoothing) = (0, 0, 0)
    return own
  }
}
