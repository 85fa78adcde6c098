package import Support

/// The named sizes of a cell as numbers: what `units`, `inputs` and the cell's own sizes are in one layer.
package struct Dimensions: Sendable, Hashable {
  package let values: [String: Int]
  /// How many parts vectors and matrices have: 1 for a cell without heads.
  let heads: Int

  /// The length that `size` stands for.
  package subscript(size: Size) -> Int {
    size.terms.reduce(size.constant) { sum, term in
      sum + found(values[term.key], orFail: "a layer has sizes \(values.keys.sorted()), and none called \(term.key)") * term.value
    }
  }

  package var units: Int { self[Size.units] }
  package var inputs: Int { self[Size.inputs] }
}

extension Cell {
  /// The numbers that a step reads: those of all inputs.
  package func inputWidth(_ dimensions: Dimensions) -> Int { inputs.reduce(0) { $0 + dimensions[$1.size] } }

  /// Where each input stands among these.
  package func inputColumns(_ dimensions: Dimensions) -> [Range<Int>] {
    var start = 0
    return inputs.map { input in
      defer { start += dimensions[input.size] }
      return start..<start + dimensions[input.size]
    }
  }

  /// The numbers for a layer of `units` units that reads vectors of `inputs` numbers.
  ///
  /// - Parameters:
  ///   - sizes: values for the cell's own named sizes; those left out take the value that the cell's text gives.
  ///   - memory: how long the rows of its memory are; nil if nothing gives them, and the cell's text decides.
  /// - Throws: ``RecurrentError`` if a size is not positive, is larger than 16,777,216, has no value, is unknown to the cell, or
  ///   if the cell's equations require something of `inputs` (as `h + x` requires `inputs = units`) that does not hold.
  package func dimensions(inputs: Int, units: Int, sizes: [String: Int] = [:], memory: Int? = nil) throws(RecurrentError)
    -> Dimensions
  {
    let sizes = try self.sizes(sizes, memory: memory)
    var values = ["units": units, "inputs": inputs]
    for (name, value) in values.merging(sizes, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
      guard value >= 1 else { throw RecurrentError(.cell, "\(name) of cell \(self.name) is \(value); it must be at least 1") }
      guard value <= Size.largest else {
        throw RecurrentError(.cell, "\(name) of cell \(self.name) is \(value); it must be at most \(Size.largest)")
      }
    }
    for name in sizes.keys.sorted() where !self.sizes.contains(where: { $0.name == name }) {
      throw RecurrentError(
        .cell,
        "cell \(self.name) has no size \(name)"
          + (self.sizes.isEmpty ? "" : "; it has \(self.sizes.map(\.name).joined(separator: ", "))"))
    }
    values.merge(sizes) { $1 }
    for size in self.sizes { try resolve(size, &values) }
    let dimensions = Dimensions(values: values, heads: hasHeads ? values[Size.headsName] ?? 1 : 1)
    for constraint in constraints where dimensions[constraint.left] != dimensions[constraint.right] {
      throw RecurrentError(
        .cell,
        "cell \(self.name) needs \(constraint.left) = \(constraint.right), "
          + "but here that is \(dimensions[constraint.left]) and \(dimensions[constraint.right])")
    }
    if let own = self.memory, let width = memory, dimensions[own.size] != width {
      throw RecurrentError(
        .cell,
        "cell \(name) reads a memory whose rows have \(dimensions[own.size]) numbers (\(own.size)), but here they have \(width)")
    }
    try checkSlices(dimensions)
    try checkMatrices(dimensions)
    try checkFolds(dimensions)
    try checkHeads(dimensions)
    try checkRepeats(dimensions)
    return dimensions
  }

  /// The given sizes, and that of the rows of a memory if it has a name.
  private func sizes(_ sizes: [String: Int], memory width: Int?) throws(RecurrentError) -> [String: Int] {
    guard let width else { return sizes }
    guard let memory else {
      throw RecurrentError(.cell, "cell \(name) has no memory, and rows of \(width) numbers are to be one")
    }
    guard let own = self.sizes.first(where: { memory.size == Size(terms: [$0.name: 1]) })?.name else { return sizes }
    if let given = sizes[own], given != width {
      throw RecurrentError(
        .cell, "\(own) of cell \(name) is \(given), but the rows of its memory \(memory.name) have \(width) numbers: leave it out"
      )
    }
    return sizes.merging([own: width]) { $1 }
  }

  /// Finds the value of a size, and before it those of the sizes that it is a product of.
  private func resolve(_ size: NamedSize, _ values: inout [String: Int]) throws(RecurrentError) {
    if values[size.name] != nil { return }
    guard let rule = size.defaultValue else {
      throw RecurrentError(
        .cell,
        "cell \(name) needs a value for the size \(size.name): give one, or write `size \(size.name) = units / 2` in its text")
    }
    var product = rule.multiplier
    for factor in rule.names {
      if let other = sizes.first(where: { $0.name == factor }) { try resolve(other, &values) }
      let value = found(
        values[factor], orFail: "the size \(size.name) of cell \(name) is a product of \(factor), which is no size")
      let (next, overflows) = product.multipliedReportingOverflow(by: value)
      product = overflows ? .max : next
    }
    let value = max(1, product / rule.divisor)
    guard value <= Size.largest else {
      throw RecurrentError(.cell, "\(size.name) of cell \(name) is \(rule), more than \(Size.largest): give it a smaller value")
    }
    values[size.name] = value
  }
}
