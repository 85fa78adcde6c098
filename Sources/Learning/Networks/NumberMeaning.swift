/// What the numbers stand for that a network reads and gives, for those who run it elsewhere.
package struct NumberMeaning: Sendable, Hashable {
  /// The numbers that a step reads, in their order; none if that is not known.
  package var inputs: [Quantity]
  /// What the network gives, in its order; none if that is not known.
  package var outputs: [Quantity]
  /// What else has to be known, in sentences.
  package var notes: [String]

  package init(inputs: [Quantity] = [], outputs: [Quantity] = [], notes: [String] = []) {
    self.inputs = inputs
    self.outputs = outputs
    self.notes = notes
  }

  /// Something that a number stands for.
  package struct Quantity: Sendable, Hashable {
    /// What it is called, such as a column of a table or a label.
    package let name: String
    /// How it becomes a number of the network; nil if that is the quantity itself, or can't be said so.
    package let scale: Scale?

    package init(_ name: String, scale: Scale? = nil) {
      self.name = name
      self.scale = scale
    }
  }

  /// A number of the network is `(value - mean) / deviation`.
  package struct Scale: Sendable, Hashable {
    package let mean: Double
    package let deviation: Double

    package init(mean: Double, deviation: Double) {
      self.mean = mean
      self.deviation = deviation
    }
  }
}
