/// How data are split into what is trained on and what is held out, and how they are batched.
package struct DataSplit: Sendable, Hashable {
  /// The fraction that is held out, unless other data are validated on.
  package var validation: Double
  /// What stands together in a batch: sequences, pairs.
  package var batch: Int
  package var seed: UInt64

  package init(validation: Double, batch: Int, seed: UInt64) {
    (self.validation, self.batch, self.seed) = (validation, batch, seed)
  }
}

extension Recipe where Task: TrainableTask {
  /// - Parameter validation: the fraction that is held out.
  package func dataSplit(holdingOut validation: Double) -> DataSplit {
    DataSplit(validation: validation, batch: batch, seed: seed)
  }
}
