import CellCompiler
import CellLanguage
import Kernels
import Support

/// A layer's parameters in the forms in which the kernels read them: made once for each change of the weights, not once a
/// step.
final class Weights {
  /// The matrices of a product, one above the other: `[n, k]`.
  private(set) var stacked: [FloatBuffer] = []
  /// The biases that the product's slots start from, `[n]`; nil if there are none.
  private(set) var biases: [FloatBuffer?] = []
  /// The stacked matrices of each product packed, in as few parts as their numbers allow; and their transposes for the backward step.
  private(set) var parts: [[Part]] = []
  private(set) var transposedPanels: [Panels] = []
  /// What the rows of a memory are multiplied by, packed, and its transpose for the backward run, by the values of the plan that they
  /// become.
  private(set) var projections: [Graph.Value: (panels: Panels, transposed: Panels?)] = [:]
  /// Vector and scalar parameters, repeated to the width at which programs read them.
  private(set) var vectors: [Int: FloatBuffer] = [:]

  /// What is computed of these once: the plan's invariants.
  private(set) var invariants: [Graph.Value: FloatBuffer] = [:]

  let level: InstructionSet
  private let plan: Plan
  private let layout: ParameterLayout
  private let servesBackward: Bool
  private let form: WeightForm
  private let activations: ActivationKind

  /// Some of a product's blocks, packed.
  struct Part {
    /// Among the product's.
    let rows: Range<Int>
    let panels: Panels
    let blocks: [Plan.Block]
  }

  /// - Parameters:
  ///   - form: how the matrices are stored. A backward run takes 32-bit numbers alone.
  ///   - activations: what the vectors that meet a matrix are rounded to; whole numbers meet whole numbers only.
  init(
    plan: Plan, level: InstructionSet, servesBackward: Bool, form: WeightForm = .float32,
    activations: ActivationKind = .float32
  ) {
    ensure(
      activations == .float32 || form.kind == .int8,
      "the vectors of cell \(plan.cell.name) can be rounded to \(activations.rawValue) only where its weights are int8, and these are \(form.kind.rawValue)"
    )
    ensure(
      plan.pass == Plan.Pass.allCases.last,
      "the plan of cell \(plan.cell.name) has not gone through all passes, and can't be run: "
        + (plan.pass.map { "the last one was \($0.rawValue)" } ?? "none has been run"))
    ensure(
      !servesBackward || !plan.computesAll,
      "a plan of cell \(plan.cell.name) that computes all named vectors has no step back, and can't serve a backward run")
    ensure(
      !servesBackward || form.kind == .float32,
      "the weights of cell \(plan.cell.name) are \(form.kind.rawValue), which no backward run takes")
    self.plan = plan
    self.level = level
    self.servesBackward = servesBackward
    self.form = form
    self.activations = activations
    layout = ParameterLayout(plan.cell, dimensions: plan.dimensions)
    for product in plan.products {
      stacked.append(FloatBuffer(count: product.n * product.k))
      biases.append(product.blocks.contains { !$0.biases.isEmpty } ? FloatBuffer(count: product.n) : nil)
      parts.append(
        product.parts(form.kind).map { rows, blocks in
          let panels = Panels(
            n: rows.count, k: product.k, level: level, kind: form.kind, activations: activations,
            isTransposed: blocks[0].isTransposed)
          return Part(rows: rows, panels: panels, blocks: blocks)
        })
      if servesBackward { transposedPanels.append(Panels(n: product.k, k: product.n, level: level)) }
    }
    for node in plan.graph.nodes {
      guard case .parameter(let index) = node.operation else { continue }
      vectors[index] = vectors[index]?.grown(to: node.width) ?? FloatBuffer(count: node.width)
    }
    for (value, node) in plan.graph.nodes.enumerated() {
      guard case .projection(let index) = node.operation else { continue }
      let shape = layout.entries[index].shape
      let transposed = servesBackward ? Panels(n: shape[1], k: shape[0], level: level) : nil
      projections[value] = (Panels(n: shape[0], k: shape[1], level: level), transposed)
    }
    for value in plan.invariants { invariants[value] = FloatBuffer(count: plan.graph[value].width) }
  }

  /// Takes over the parameters, laid out as ``ParameterLayout`` says, and of which the matrices are numbers that can be stored in the
  /// form.
  func load(_ parameters: UnsafePointer<Float>) {
    for (index, product) in plan.products.enumerated() {
      let matrix = stacked[index].base
      var row = 0
      for block in product.blocks {
        stack(block, k: product.k, from: parameters, into: matrix + row * product.k)
        if let bias = biases[index]?.base { sum(block, from: parameters, into: bias + row) }
        row += block.rows
      }
      for part in parts[index] {
        part.panels.pack(
          matrix + part.rows.lowerBound * product.k, rowStride: product.k, columnStride: 1, scales: scales(of: part, k: product.k)
        )
      }
      if servesBackward { transposedPanels[index].pack(matrix, rowStride: 1, columnStride: product.k) }
    }
    for (value, packed) in projections {
      let entry = projectionEntry(of: value)
      let (matrix, columns) = (parameters + entry.range.lowerBound, entry.shape[1])
      packed.panels.pack(matrix, rowStride: columns, columnStride: 1)
      packed.transposed?.pack(matrix, rowStride: 1, columnStride: columns)
    }
    for (index, buffer) in vectors {
      let entry = layout.entries[index]
      for place in 0..<buffer.count {
        buffer.base[place] = parameters[entry.range.lowerBound + (entry.range.count == 1 ? 0 : place)]
      }
    }
    computeInvariants()
  }

  /// The parameter that a projection multiplies the rows of the memory by.
  func projectionEntry(of value: Graph.Value) -> ParameterLayout.Entry {
    guard case .projection(let index) = plan.graph[value].operation else {
      fatalError("value \(value) of cell \(plan.cell.name) multiplies no rows of a memory")
    }
    return layout.entries[index]
  }

  private func computeInvariants() {
    for value in plan.invariants {
      guard case .apply(let primitive, let arguments) = plan.graph[value].operation else {
        fatalError("value \(value) of cell \(plan.cell.name) is to be computed once, and computes nothing")
      }
      let target = invariant(value)
      let sources = arguments.map { argument in
        switch plan.graph[argument].operation {
        case .parameter(let index):
          return found(vectors[index], orFail: "the vector parameter \(index) of cell \(plan.cell.name) has no memory")
        case .constant(let number):
          let buffer = FloatBuffer(count: target.count)
          buffer.base.update(repeating: Float(number), count: target.count)
          return buffer
        default: return invariant(argument)
        }
      }
      let bases = (0..<3).map { sources[min($0, sources.count - 1)].base }
      let count = target.count / primitive.heads
      withExtendedLifetime(sources) {
        for start in stride(from: 0, to: target.count, by: count) {
          level.kernels.pointee.apply(
            rk_operation(primitive.name), target.base + start, 0, bases[0] + start, 0, bases[1] + start, 0, bases[2] + start, 0,
            1, Int64(count))
        }
      }
    }
  }

  private func invariant(_ value: Graph.Value) -> FloatBuffer {
    found(invariants[value], orFail: "value \(value) of cell \(plan.cell.name) is read before it is computed once for all steps")
  }

  /// Gives up what only the next ``load(_:)`` needs, if there will be none.
  func forgetStacked() { stacked = [] }

  private func stack(_ block: Plan.Block, k: Int, from parameters: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>)
  {
    let (start, rowStride, columnStride) = layout.position(of: block)
    for row in 0..<block.rows {
      let source = parameters + start + row * rowStride
      if columnStride == 1 {
        (matrix + row * k).update(from: source, count: k)
      } else {
        for column in 0..<k { matrix[row * k + column] = source[column * columnStride] }
      }
    }
  }

  /// The scales of a part's whole numbers: of a transposed matrix those of the rows that are its columns here.
  private func scales(of part: Part, k: Int) -> [Float] {
    if form.kind != .int8 { return [] }
    return part.blocks.flatMap { block in
      let name = layout.entries[block.matrix].name
      let scales = found(form.scales[name], orFail: "the matrix \(name) of cell \(plan.cell.name) has no scales")
      let first = block.block * layout.entries[block.matrix].rowsOfBlock + (block.isTransposed ? block.offset : 0)
      return scales[first..<first + (block.isTransposed ? k : block.rows)]
    }
  }

  private func sum(_ block: Plan.Block, from parameters: UnsafePointer<Float>, into bias: UnsafeMutablePointer<Float>) {
    bias.update(repeating: 0, count: block.rows)
    for index in block.biases {
      let start = layout.entries[index].range.lowerBound + block.results.lowerBound
      for row in 0..<block.rows { bias[row] += parameters[start + row] }
    }
  }
}

extension Plan.Product {
  /// The blocks in parts that can be packed as one matrix, with the rows of each among the product's.
  ///
  /// Whole numbers have a scale for each row of a matrix as it is stored: that is a result of the product or, where the matrix is
  /// transposed, a source, of which all blocks of a part must have the same scales.
  fileprivate func parts(_ kind: WeightKind) -> [(rows: Range<Int>, blocks: [Plan.Block])] {
    var parts: [(rows: Range<Int>, blocks: [Plan.Block])] = []
    for block in blocks {
      let end = parts.last?.rows.upperBound ?? 0
      if let last = parts.last, kind != .int8 || !block.isTransposed && !last.blocks[0].isTransposed {
        parts[parts.count - 1] = (last.rows.lowerBound..<end + block.rows, last.blocks + [block])
      } else {
        parts.append((end..<end + block.rows, [block]))
      }
    }
    return parts
  }
}
