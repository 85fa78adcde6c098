package import CellLanguage

/// Layers and what each of them reads, as a page of equations says it: a line for each layer, or for what is made of several.
///
///     network block
///     a = rnn(x, units: 64)      # a layer, which reads the input
///     b = slstm(a, units: 64)    # a layer, which reads the one above
///     y = a + b                  # the last line is what the output is made from
///
/// A line reads the input, `x`, and the lines above it: their sum (`a + b`), their product element by element (`a * b`) and the vectors side by side
/// (`[x, a]`). Within a line a layer may stand without a name: `y = x + gru(rnn(x))`. On one line, `;` stands between lines.
///
///     let page = try NetworkPage(parsing: "a = gru(x, units: 64); y = [x, a]")
///     let network = try Network(Architecture(input: .features(3), page: page, output: .values(1)))
public struct NetworkPage: Sendable, Hashable {
  /// The name after `network`; nil if there is none.
  public let name: String?
  /// The layers, each above those that it reads.
  package let layers: [Layer]
  /// What the output is made from: the last line.
  package let top: Architecture.Reading

  /// A layer of the page.
  package struct Layer: Sendable, Hashable {
    /// Its name in the page, or one made of its cell's.
    package let name: String
    package let cell: Cell
    package let reads: Architecture.Reading
    /// Nil where the page leaves it open.
    package let units: Int?
    package let sizes: [String: Int]
    package let direction: Architecture.Direction
    package let learnsInitialStates: Bool
  }

  /// How many units a layer has of which neither the page nor who builds the network says how many.
  public static let defaultUnits = 128

  init(name: String?, layers: [Layer], top: Architecture.Reading) {
    (self.name, self.layers, self.top) = (name, layers, top)
  }

  /// The page of a network's layers. Layers without a name get one made of their cell's.
  package init(_ architecture: Architecture, name: String? = nil) {
    var names = LayerNames(architecture.layers.compactMap(\.name))
    var layers: [Layer] = []
    for layer in architecture.layers {
      layers.append(
        Layer(
          name: layer.name ?? names.fresh(for: layer.cell), cell: layer.cell,
          reads: layer.reads ?? layers.last.map { .layer($0.name) } ?? .input,
          units: layer.cells.contains(where: \.hasUnits) ? layer.units : nil, sizes: layer.sizes,
          direction: layer.direction, learnsInitialStates: layer.learnsInitialStates))
    }
    self.init(name: name, layers: layers, top: architecture.top ?? layers.last.map { .layer($0.name) } ?? .input)
  }

  /// The layers of an architecture. What is as it is in any stack of layers, the one above reading the one below, goes without saying there.
  ///
  /// - Parameter units: of the layers of which the page leaves it open.
  package func architecture(units: Int) -> (layers: [Architecture.Layer], top: Architecture.Reading?) {
    let built = layers.enumerated().map { index, layer in
      let below: Architecture.Reading = index == 0 ? .input : .layer(layers[index - 1].name)
      return Architecture.Layer(
        layer.cell, units: layer.units ?? units, sizes: layer.sizes, direction: layer.direction,
        learnsInitialStates: layer.learnsInitialStates, name: layer.name, reads: layer.reads == below ? nil : layer.reads)
    }
    return (built, layers.last.map { .layer($0.name) } == top ? nil : top)
  }
}

extension Architecture {
  /// A network of the layers of a page.
  ///
  /// - Parameter units: of the layers of which the page doesn't say how many they have.
  public init(
    input: Input, page: NetworkPage, units: Int = NetworkPage.defaultUnits, readout: Readout = .everyStep, output: Output
  ) {
    let (layers, top) = page.architecture(units: units)
    self.init(input: input, layers: layers, top: top, readout: readout, output: output)
  }
}

/// Names for layers that have none.
struct LayerNames {
  private var taken: Set<String>

  init(_ taken: some Sequence<String>) { self.taken = Set(taken) }

  /// A name made of a cell's: `gru`, then `gru2` …
  mutating func fresh(for cell: Cell) -> String {
    let stem = String(cell.name.map { $0 == "-" ? "_" : $0 })
    return fresh(Architecture.isName(stem) ? stem : "layer")
  }

  mutating func fresh(_ stem: String) -> String {
    var (name, number) = (stem, 1)
    while !taken.insert(name).inserted {
      number += 1
      name = "\(stem)\(number)"
    }
    return name
  }
}
