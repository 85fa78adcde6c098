/// How data are split into what is trained on and what is held out, and how they are batched.
package struct DataSplit: Sendable, Hashable {
  /// The fraction that is held out, unless other data are validated on.
  package var validation: Double
  /// What stands together in a batch: sequences, pairs.
  package var batch: Int
  package var seed: UInt64
  /// The part that is held out in place of a fraction; nil for the fraction.
  package var fold: Fold?

  package init(validation: Double, batch: Int, seed: UInt64, fold: Fold? = nil) {
    (self.validation, self.batch, self.seed, self.fold) = (validation, batch, seed, fold)
  }
}

extension Recipe where Task: TrainableTask {
  /// - Parameters:
  ///   - validation: the fraction that is held out.
  ///   - fold: the part that is held out in its place, if there is one.
  package func dataSplit(holdingOut validation: Double, fold: Fold? = nil) -> DataSplit {
    DataSplit(validation: validation, batch: batch, seed: seed, fold: fold)
  }
}
