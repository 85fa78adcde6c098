import CellCompiler
import CellLanguage
import Engine
import Networks
package import Support

/// A layer of another system that gives as many numbers as it reads and has no matrix, made of the numbers of one vector alone.
package struct PointwiseLayer: Sendable, Hashable {
  /// What its file calls it.
  package let name: String
  /// Numbers of each vector.
  package let width: Int
  package let function: Function

  package enum Function: Sendable, Hashable {
    /// scale · x + shift, each number with its own; `[width]` both.
    case affine(scale: [Float], shift: [Float])
    case elementwise(Activation)
    /// x where it is above 0, and elsewhere slope · x, each number with its own; `[width]`.
    case rectified(slope: [Float])
    /// scale · (x - mean) / √(variance + epsilon) + shift, mean and variance over the numbers of the vector.
    case normalized(epsilon: Float, scale: [Float], shift: [Float])
  }

  /// - Throws: ``RecurrentError`` if there are not as many numbers as the vectors have.
  package init(_ name: String, width: Int, _ function: Function) throws(RecurrentError) {
    guard (1...Size.largest).contains(width) else {
      throw RecurrentError(.interchange, "layer \(name) reads \(width) numbers; expected 1 to \(Size.largest)")
    }
    switch function {
    case .affine(let scale, let shift), .normalized(_, let scale, let shift):
      guard scale.count == width, shift.count == width else {
        throw RecurrentError(
          .interchange, "layer \(name) has \(scale.count) gains and \(shift.count) biases; expected \(width) of each")
      }
    case .rectified(let slope):
      guard slope.count == width else {
        throw RecurrentError(.interchange, "layer \(name) has \(slope.count) slopes; expected \(width)")
      }
    case .elementwise: break
    }
    (self.name, self.width, self.function) = (name, width, function)
  }
}

extension PointwiseLayer {
  /// The layer of a network that does what this layer does. Its cell has no memory: nothing reads its state.
  func layer() throws(RecurrentError) -> Architecture.Layer { Architecture.Layer(try cell(), units: width) }

  /// The cell's parameters in the layer that ``layer()`` makes.
  func parameters() throws(RecurrentError) -> [Float] {
    let cell = try cell()
    let dimensions = try cell.dimensions(inputs: width, units: width)
    let layout = ParameterLayout(cell, dimensions: dimensions)
    var parameters = [Float](repeating: 0, count: layout.count)
    switch function {
    case .elementwise: break
    case .rectified(let slope):
      for entry in layout.entries { parameters.replaceSubrange(entry.range, with: slope) }
    case .affine(let scale, let shift), .normalized(_, let scale, let shift):
      for entry in layout.entries { parameters.replaceSubrange(entry.range, with: entry.name == "g" ? scale : shift) }
    }
    return parameters
  }

  private func cell() throws(RecurrentError) -> Cell {
    let (cellName, summary, body): (String, String, String)
    switch function {
    case .affine:
      (cellName, summary, body) = ("scale", "Each number times its own gain and shifted by its own bias.", "g * x + b")
    case .rectified:
      (cellName, summary) = ("prelu", "Each number below 0 times its own slope.")
      body = "max(x, 0) + g * min(x, 0)"
    case .elementwise(let activation):
      (cellName, summary) = (activation.name, "The function \(activation) of each number.")
      body = activation.applied(to: .name("x")).description
    case .normalized(let epsilon, _, _):
      // The decimal that the file's number is short for.
      guard epsilon.isFinite, let decimal = Double(epsilon.description) else {
        throw RecurrentError(.interchange, "layer \(name) has the epsilon \(epsilon); expected a finite number")
      }
      (cellName, summary) = ("layer-norm", "Layer normalisation with a gain and a bias for each number.")
      let normalized =
        epsilon == 1e-5
        ? "layer_norm(x)"
        : "((x - mean(x)) / sqrt(mean((x - mean(x)) * (x - mean(x))) + \(Expression.number(decimal))))"
      body = "g * \(normalized) + b"
    }
    do throws(Diagnostic) {
      return try Cell(
        parsing: "# \(summary) No memory of vectors before.\ncell \(cellName)\ninput x\nstate h\nh' = \(body)\n", file: cellName)
    } catch {
      throw RecurrentError(.interchange, "can't represent layer \(name): \(error)")
    }
  }
}
