/// What training does to a network so that it learns less by heart. All of it is off in evaluation.
///
/// A share that is set to 0 leaves the rest scaled up, so that sums stay what they are on average.
public struct Regularization: Sendable, Hashable, Codable {
  /// The share of each layer's outputs set to 0 (Srivastava et al. 2014; between layers only: Zaremba et al. 2014).
  public var dropout: Double
  /// Likewise of the vectors that the first layer reads.
  public var inputDropout: Double
  /// Whether these two set the same elements to 0 at all steps of a sequence (Gal & Ghahramani 2016).
  public var isVariational: Bool
  /// The share of each state set to 0 where matrices read it, the same elements at all steps of a sequence (Gal &
  /// Ghahramani 2016). The states themselves stay whole.
  public var recurrentDropout: Double
  /// The share of the recurrent matrices' weights set to 0, the same for all sequences and steps of a batch (DropConnect on
  /// the recurrence: Merity, Keskar & Socher 2018).
  public var weightDrop: Double

  public init(
    dropout: Double = 0, inputDropout: Double = 0, isVariational: Bool = false, recurrentDropout: Double = 0,
    weightDrop: Double = 0
  ) {
    self.dropout = dropout
    self.inputDropout = inputDropout
    self.isVariational = isVariational
    self.recurrentDropout = recurrentDropout
    self.weightDrop = weightDrop
  }
}
