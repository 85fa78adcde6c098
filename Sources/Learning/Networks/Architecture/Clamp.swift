import CellCompiler
import CellLanguage
import Engine
import Support

/// A quantity that is held at a value while a network runs, whatever its equation says.
public struct Clamp: Sendable, Hashable {
  /// Counted from 0.
  package var layer: Int
  /// Whether it is held where the layer reads in reverse, or where it reads forward; nil for both.
  package var isReverse: Bool?
  /// As it stands left of its equation: `f`, or `c'` for a state's next value.
  package var quantity: String
  /// The units that are held, nil for all.
  package var units: Range<Int>?
  package var value: Float
  /// The steps at which they are, nil for all.
  package var steps: Range<Int>?

  /// - Parameters:
  ///   - layer: counted from 0.
  ///   - isReverse: whether it is held where the layer reads in reverse, or where it reads forward; nil for both.
  ///   - quantity: as it stands left of its equation: `f`, or `c'` for a state's next value.
  ///   - units: those that are held, counted from 0; nil for all.
  ///   - value: what they are held at.
  ///   - steps: those at which they are held, counted from 0; nil for all.
  public init(
    layer: Int = 0, isReverse: Bool? = nil, quantity: String, units: Range<Int>? = nil, value: Float, steps: Range<Int>? = nil
  ) {
    self.layer = layer
    self.isReverse = isReverse
    self.quantity = quantity
    self.units = units
    self.value = value
    self.steps = steps
  }
}

extension Network {
  /// The network with quantities held, at every step; later clamps win over earlier ones.
  ///
  /// The held ones become parameters of the cells' equations, so that it runs and is differentiated like any other network.
  ///
  /// - Throws: ``RecurrentError`` if there is no such layer, quantity or unit.
  public func clamping(_ clamps: [Clamp]) throws -> Network {
    for clamp in clamps { try check(clamp) }
    if clamps.isEmpty { return self }
    var architecture = architecture
    for layer in architecture.layers.indices {
      let names = Set(clamps.filter { $0.layer == layer }.map(\.quantity))
      architecture.layers[layer].cell = architecture.layers[layer].cell.clamping(names)
      if case .bidirectional(let merge, let reverse?) = architecture.layers[layer].direction {
        architecture.layers[layer].direction = .bidirectional(merge, reverse: reverse.clamping(names))
      }
    }
    return try Network(architecture) { layout in
      var parameters = layout.entries.flatMap { self[$0.name] ?? [Float](repeating: 0, count: $0.range.count) }
      for pass in architecture.passes {
        for quantity in Set(clamps.filter { $0.layer == pass.layer }.map(\.quantity)) {
          let names = Cell.holders(of: quantity)
          guard let keep = layout[pass.prefix + names.keep], let held = layout[pass.prefix + names.held] else {
            preconditionFailure("\(pass.cell.name) does not hold \(quantity)")
          }
          for place in keep.range { parameters[place] = 1 }
          for clamp in clamps where clamp.holds(quantity, in: pass) {
            for unit in clamp.units ?? 0..<keep.range.count {
              parameters[keep.range.lowerBound + unit] = 0
              parameters[held.range.lowerBound + unit] = clamp.value
            }
          }
        }
      }
      return parameters
    }
  }

  private func check(_ clamp: Clamp) throws(RecurrentError) {
    let layers = architecture.layers.count
    guard architecture.layers.indices.contains(clamp.layer) else {
      throw RecurrentError(
        .network,
        "there is no layer \(clamp.layer + 1) to hold something in: the network has \(layers == 1 ? "one layer" : "\(layers) layers")"
      )
    }
    let own = zip(architecture.passes, plans).filter { clamp.reaches($0.0) }
    if own.isEmpty {
      let only = architecture.layers[clamp.layer].direction == .reverse ? "in reverse" : "forward"
      throw RecurrentError(
        .network,
        "layer \(clamp.layer + 1) has no \(clamp.isReverse == true ? "reverse" : "forward") direction: it reads \(only) only")
    }
    for (pass, plan) in own {
      guard let equation = pass.cell.equations.first(where: { $0.name == clamp.quantity }) else {
        let names = pass.cell.equations.map(\.name).joined(separator: ", ")
        throw RecurrentError(.network, "\(pass.name), \(pass.cell.name), has no \(clamp.quantity) to hold; it has \(names)")
      }
      if equation.size.isMatrix {
        throw RecurrentError(.network, "\(clamp.quantity) of \(pass.name) is a matrix, and only vectors can be held")
      }
      let width = plan.dimensions[equation.size]
      if let units = clamp.units, units.isEmpty || units.lowerBound < 0 || units.upperBound > width {
        throw RecurrentError(
          .network,
          "\(clamp.quantity) of \(pass.name) has the units 0 to \(width - 1), not \(units.lowerBound) to \(units.upperBound - 1)")
      }
    }
  }
}

extension Clamp {
  /// Whether it is about that pass.
  package func reaches(_ pass: Architecture.Pass) -> Bool {
    pass.layer == layer && (isReverse == nil || isReverse == pass.isReverse)
  }

  fileprivate func holds(_ quantity: String, in pass: Architecture.Pass) -> Bool {
    self.quantity == quantity && reaches(pass)
  }
}
