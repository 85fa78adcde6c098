import CellCompiler
import Support

/// The loops of a step.
extension StepWriter {
  /// The shapes of values over whose elements a loop may go, the longest first.
  var loopShapes: [Graph.Shape] {
    Set(values.nodes.map(\.shape)).sorted {
      ($0.width, $0.columns ?? 0, $0.heads) > ($1.width, $1.columns ?? 0, $1.heads)
    }
  }

  /// Writes a stage: what is the same for all elements, then a loop for each shape of its vectors and matrices.
  mutating func writeStage(to body: inout [String], _ arrays: inout CArrays) {
    for value in values.nodes.indices where stages.stages[value] == stage && values[value].isUniform {
      guard case .call = values[value].operation, stages.uses[value] > 1 || values.names[value] != nil else { continue }
      let text = expression(value, &arrays).text
      let name = names.name(values.names[value] ?? "t")
      own[value] = name
      body.append("const \(options.number.rawValue) \(name) = \(text);")
    }
    for shape in loopShapes { body += loop(over: shape, &arrays) }
  }

  /// The loop of the stage over the elements of its values of that shape, with what stands before and after it; empty if it has none.
  private mutating func loop(over shape: Graph.Shape, _ arrays: inout CArrays) -> [String] {
    let real = options.number.rawValue
    let zero = options.number.literal(0)
    // What stands before and after the loop, before and after a row of a matrix, and within all loops.
    var (before, after): ([String], [String]) = ([], [])
    var (rowBegins, rowEnds): ([String], [String]) = ([], [])
    var lines: [String] = []
    for (value, node) in values.nodes.enumerated() {
      switch node.operation {
      case .reduction(let reduction, let vector):
        guard stages.stages[vector] == stage, values[vector].shape == shape else { continue }
        let name = names.name(reduction == .mean ? "mean" : "sum")
        before.append("\(real) \(name) = \(zero);")
        lines.append("\(name) += \(element(vector, &arrays).text);")
        if reduction == .mean { after.append("\(name) /= \(options.number.literal(Double(shape.width)));") }
        own[value] = name
      case .sums(let reduction, let vector, let places):
        guard stages.stages[vector] == stage, values[vector].shape == shape else { continue }
        let element = element(vector, &arrays).text
        let target = "\(array(value))[\(places.index(inMatrix: shape.isMatrix))]"
        if shape.isMatrix, places.isRow {
          let name = names.name("sum")
          rowBegins.append("\(real) \(name) = \(zero);")
          lines.append("\(name) += \(element);")
          rowEnds.append("\(target) = \(name);")
        } else {
          before += loop(node.shape, ["\(array(value))[unit] = \(zero);"])
          lines.append("\(target) += \(element);")
        }
        if reduction == .mean {
          after += loop(node.shape, ["\(array(value))[unit] /= \(options.number.literal(Double(places.count)));"])
        }
      case .row(let helper, let vector, let parts):
        guard stages.stages[vector] == stage, node.shape == shape else { continue }
        lines.append("\(array(value))[unit] = \(element(vector, &arrays).text);")
        after +=
          parts == 1
          ? ["\(helper.rawValue)(\(array(value)), \(shape.width));"]
          : loop(
            Graph.Shape(parts), ["\(helper.rawValue)(\(array(value)) + \(shape.width / parts) * unit, \(shape.width / parts));"])
        usage.helpers.insert(helper)
      case .input, .previous, .parameter, .constant, .table, .affine, .call, .slice, .spread:
        if node.shape == shape, stages.stages[value] == stage { writeStatement(of: value, to: &lines, &arrays) }
      }
    }
    for (state, value) in values.next where stages.inPlace.contains(state) && stages.stages[value] == stage {
      guard values[value].shape == shape else { continue }
      let isOwn = stages.ownPlaces[value] == state && own[value] == nil
      let text = (isOwn ? expression(value, &arrays) : element(value, &arrays)).text
      lines.append("\(stateName(state))[unit] = \(text);")
    }
    if lines.isEmpty { return [] }
    return before + loop(shape, lines, rowBegins: rowBegins, rowEnds: rowEnds) + after
  }

  /// Writes the statement that computes a value, if it has one of its own: otherwise it stands where it is read.
  private mutating func writeStatement(
    of value: StepValues.Value, to lines: inout [String], _ arrays: inout CArrays
  ) {
    if let array = memory[value], stages.ownPlaces[value] == nil {
      let isThere = values.isLeaf(value) || values[value].isUniform
      lines.append("\(array)[unit] = \((isThere ? element(value, &arrays) : expression(value, &arrays)).text);")
      return
    }
    guard !values.isLeaf(value), !values[value].isUniform else { return }
    guard stages.uses[value] > 1 || stages.uses[value] == 1 && values.names[value] != nil else { return }
    // What is all that changes a state here goes straight to its place.
    let changed = values.next.filter { stages.inPlace.contains($0.state) && stages.stages[$0.value] == stage }
    if changed.count == 1, changed[0].value == value, stages.uses[value] == 1 { return }
    let text = expression(value, &arrays).text
    let name = names.name(values.names[value] ?? "t")
    own[value] = name
    lines.append("const \(options.number.rawValue) \(name) = \(text);")
  }

  /// A loop over the elements of a vector, or over the rows of a matrix and the elements of each.
  ///
  /// - Parameters:
  ///   - lines: what it does with each element.
  ///   - rowBegins: what stands before the elements of a row.
  ///   - rowEnds: what stands after them.
  func loop(_ shape: Graph.Shape, _ lines: [String], rowBegins: [String] = [], rowEnds: [String] = []) -> [String] {
    guard let columns = shape.columns else { return loop("unit = 0; unit < \(shape.width); unit++", lines) }
    let elements = loop("column = 0; column < \(columns); column++, unit++", lines)
    return loop("row = 0, unit = 0; row < \(shape.width / columns); row++", rowBegins + elements + rowEnds)
  }

  private func loop(_ range: String, _ lines: [String]) -> [String] {
    let head = "for (\(range))"
    if lines.count == 1, head.utf8.count + lines[0].utf8.count < 100 { return ["\(head) \(lines[0])"] }
    return ["\(head) {"] + lines.map { "  " + $0 } + ["}"]
  }
}
