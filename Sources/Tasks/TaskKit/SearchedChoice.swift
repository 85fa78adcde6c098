/// A setting of a task that a search varies, beside those of every training, and the values that it tries.
package struct SearchedChoice: Sendable, Hashable {
  /// The setting's name, one of the task's: `difference`.
  package let name: String
  /// The values as the option takes them. What training chooses by itself is tried in any case.
  package let values: [String]

  package init(_ name: String, _ values: [String]) { (self.name, self.values) = (name, values) }
}
