import Engine
package import Networks
package import Support

extension Network {
  /// Checks that a training can change the weights.
  ///
  /// - Parameter title: what messages call the network.
  /// - Throws: ``RecurrentError`` if they are not 32-bit numbers.
  package func checkTrains(as title: String) throws(RecurrentError) {
    guard weightKind != .float32 else { return }
    throw RecurrentError(
      .unsuitable,
      "the weights of \(title) are \(weightKind.rawValue), and a training changes them by less than these can hold: train the model that they were rounded from"
    )
  }
}
