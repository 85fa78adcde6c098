import Engine
package import Networks
import Storage
package import Support

extension Network {
  /// Checks that all weights are finite, without which nothing that the network gives is.
  ///
  /// - Parameter path: the file that they come from, for messages.
  /// - Throws: ``RecurrentError`` that names the first tensor with another number.
  package func checkNumbers(of path: String) throws(RecurrentError) {
    guard let place = parameters.firstIndex(where: { !$0.isFinite }),
      let entry = layout.entries.first(where: { $0.range.contains(place) })
    else { return }
    let count = parameters[entry.range].count { !$0.isFinite }
    throw RecurrentError(
      cannotRead: path,
      "its weights \(entry.name) hold \(count == 1 ? "a number that is" : "\(count) numbers that are") not finite, such as \(parameters[place]), so that nothing it gives is a number: take the model of another training"
    )
  }
}
