package import Support

/// The named sizes of a cell as numbers: what `units`, `inputs` and the cell's own sizes are in one layer.
package struct Dimensions: Sendable, Hashable {
  package let values: [String: Int]

  /// The length that `size` stands for.
  package subscript(size: Size) -> Int {
    size.terms.reduce(size.constant) { sum, term in
      sum + found(values[term.key], orFail: "a layer has sizes \(values.keys.sorted()), and none called \(term.key)") * term.value
    }
  }

  package var units: Int { self[.units] }
  package var inputs: Int { self[.inputs] }
}

extension Cell {
  /// The numbers for a layer of `units` units that reads vectors of `inputs` numbers.
  ///
  /// - Parameter sizes: values for the cell's own named sizes; those left out take the value that the cell's text gives.
  /// - Throws: ``RecurrentError`` if a size is not positive, is larger than 16,777,216, has no value, is unknown to the cell, or
  ///   if the cell's equations require something of `inputs` (as `h + x` requires `inputs = units`) that does not hold.
  package func dimensions(inputs: Int, units: Int, sizes: [String: Int] = [:]) throws(RecurrentError) -> Dimensions {
    var values = ["units": units, "inputs": inputs]
    for (name, value) in values.merging(sizes, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
      guard value >= 1 else { throw RecurrentError(.cell, "\(name) of cell \(self.name) is \(value); it must be at least 1") }
      guard value <= Size.largest else {
        throw RecurrentError(.cell, "\(name) of cell \(self.name) is \(value); it must be at most \(Size.largest)")
      }
    }
    for size in self.sizes {
      switch (sizes[size.name], size.defaultValue) {
      case (let value?, _): values[size.name] = value
      case (nil, .number(let value)?): values[size.name] = value
      case (nil, .units(let multiplier, let divisor)?): values[size.name] = max(1, units * multiplier / divisor)
      case (nil, nil):
        throw RecurrentError(
          .cell,
          "cell \(name) needs a value for the size \(size.name): give one, or write `size \(size.name) = units / 2` in its text")
      }
    }
    for name in sizes.keys.sorted() where !self.sizes.contains(where: { $0.name == name }) {
      throw RecurrentError(
        .cell,
        "cell \(self.name) has no size \(name)"
          + (self.sizes.isEmpty ? "" : "; it has \(self.sizes.map(\.name).joined(separator: ", "))"))
    }
    let dimensions = Dimensions(values: values)
    for constraint in constraints where dimensions[constraint.left] != dimensions[constraint.right] {
      throw RecurrentError(
        .cell,
        "cell \(self.name) needs \(constraint.left) = \(constraint.right), "
          + "but here that is \(dimensions[constraint.left]) and \(dimensions[constraint.right])")
    }
    return dimensions
  }
}
