import CellCompiler
import CellLanguage
import Kernels

/// Every named quantity of a layer at every step, as its equations name it.
public struct Trace: Sendable {
  public struct Quantity: Sendable {
    /// As it stands left of its equation: `f`, or `c'` for a state's next value.
    public let name: String
    /// The comment behind the equation.
    public let label: String?
    public let width: Int
    /// `[rows, width]`, packed as ``Lengths`` says.
    public let values: [Float]

    package init(name: String, label: String?, width: Int, values: [Float]) {
      self.name = name
      self.label = label
      self.width = width
      self.values = values
    }
  }

  /// In the order of the equations.
  public let quantities: [Quantity]
  public let lengths: Lengths
}

extension SequenceRunner {
  /// Runs all steps from the initial states as ``forward(_:keeping:)`` does, to the same bits, and returns every named
  /// quantity.
  public func trace(_ input: UnsafePointer<Float>) -> Trace {
    let columns = plan.columns(Set(plan.locals.map(\.value)).sorted())
    let stride = columns.last.map { $0.start + $0.width } ?? 0
    let memory = FloatBuffer(count: lengths.rows * stride)
    if lengths.rows > 0 {
      let steps = plan.forwardSchedule(keeping: columns, placesGates: false)
      let schedule = BoundSchedule(steps, of: plan, weights: weights, numbers: numbers)
      scratch = scratch.grown(to: lengths.batch * steps.scratch)
      start(input)
      var buffers = buffers()
      buffers[BufferNumbers.kept].base = memory.base
      buffers[BufferNumbers.kept].row_stride = Int64(stride)
      run(schedule, forward: true, buffers: buffers)
    }
    let quantities = plan.cell.equations.compactMap { equation -> Trace.Quantity? in
      let name = equation.target + (equation.isUpdate ? "'" : "")
      let value = equation.isUpdate ? nil : plan.locals.first { $0.name == equation.target }?.value
      let state =
        equation.isUpdate ? plan.cell.states.firstIndex { $0.name == equation.target } : plan.next.firstIndex { $0 == value }
      let width = plan.dimensions[equation.size]
      if let state {
        let values = Array(UnsafeBufferPointer(start: states(state), count: lengths.rows * width))
        return Trace.Quantity(name: name, label: equation.label, width: width, values: values)
      }
      guard let column = columns.first(where: { $0.value == value }) else { return nil }
      let values = (0..<lengths.rows).flatMap { row in
        UnsafeBufferPointer(start: memory.base + row * stride + column.start, count: width)
      }
      return Trace.Quantity(name: name, label: equation.label, width: width, values: values)
    }
    return Trace(quantities: quantities, lengths: lengths)
  }
}
