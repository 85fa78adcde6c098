import CellCompiler
import CellLanguage
import Engine
import Support

/// Elements of values, and what computes them.
extension StepWriter {
  /// The element of a value that the loop has come to, or the number that is the same for all.
  mutating func element(_ value: StepValues.Value, _ arrays: inout CArrays) -> CExpression {
    if let name = own[value], values[value].isUniform || stages.stages[value] == stage { return CExpression(name) }
    switch values[value].operation {
    case .input, .previous: return CExpression("\(place(of: value))[unit]")
    case .constant(let number):
      let text = options.number.literal(number)
      if text.contains("HUGE_VAL") || text.contains("NAN") { usage.usesMath = true }
      return CExpression(text, text.hasPrefix("-") ? .prefix : .operand)
    case .parameter(let index): return CExpression(vector(index, &arrays) + (values[value].isUniform ? "" : "[unit]"))
    case .table(let numbers):
      let name = found(tableNames[value], orFail: "a table of cell \(plan.cell.name) has no name")
      if defined.insert(name).inserted { arrays.add(name, numbers: numbers, "worked out from parameters that no step changes") }
      return CExpression("\(name)[unit]")
    case .slice(let vector, let start):
      return CExpression("\(place(of: vector, &arrays))[\(start == 0 ? "" : "\(start) + ")unit]")
    case .spread(let vector, let places):
      let index = places.index(inMatrix: values[value].shape.isMatrix)
      if case .slice(let whole, let start) = values[vector].operation, values.standsInMemory(vector) {
        return CExpression("\(place(of: whole, &arrays))[\(start == 0 ? "" : "\(start) + ")\(index)]")
      }
      return CExpression("\(place(of: vector, &arrays))[\(index)]")
    case .affine, .call, .reduction, .sums, .row:
      if !values[value].isUniform, let array = memory[value] { return CExpression("\(array)[unit]") }
      return expression(value, &arrays)
    }
  }

  /// What computes a value.
  mutating func expression(_ value: StepValues.Value, _ arrays: inout CArrays) -> CExpression {
    switch values[value].operation {
    case .call(let name, let arguments):
      var own: [CExpression] = []
      for argument in arguments { own.append(element(argument, &arrays)) }
      guard let form = COperator.named(name, options.math) else {
        fatalError("the operator \(name) was let through, and C source has it not")
      }
      usage.take(form)
      return form.applied(to: own, options.number)
    case .affine(let terms, let biases): return sum(terms, biases, &arrays)
    case .input, .previous, .parameter, .constant, .table, .slice, .spread, .reduction, .sums, .row:
      return element(value, &arrays)
    }
  }

  /// A pre-activation: products, each matrix's with its scale, and biases.
  private mutating func sum(
    _ terms: [StepValues.Term], _ biases: [Int], _ arrays: inout CArrays
  ) -> CExpression {
    var pieces: [String] = []
    var place = 0
    while place < terms.count {
      let first = terms[place]
      let matrix = self.matrix(first.matrix, &arrays)
      var products: [String] = []
      // What has the same rows has the same scales.
      while place < terms.count, terms[place].matrix == first.matrix, terms[place].isTransposed == first.isTransposed {
        products.append(product(terms[place], matrix, rowsOfBlock: layout.entries[first.matrix].rowsOfBlock))
        place += 1
      }
      if let scale = matrix.scale, !first.isTransposed {
        let sum = products.joined(separator: " + ")
        pieces.append("\(scale)[unit] * \(products.count > 1 ? "(\(sum))" : sum)")
      } else {
        pieces += products
      }
    }
    for bias in biases { pieces.append("\(vector(bias, &arrays))[unit]") }
    return CExpression(pieces.joined(separator: " + "), pieces.count > 1 ? .sum : .product)
  }

  /// - Parameter rowsOfBlock: of a block-diagonal matrix; all rows of any other.
  private mutating func product(_ term: StepValues.Term, _ matrix: CArrays.Matrix, rowsOfBlock: Int) -> String {
    var vector: String =
      if !values.standsInMemory(term.vector) {
        array(term.vector)
      } else if case .slice(let whole, let start) = values[term.vector].operation {
        start == 0 ? place(of: whole) : "\(place(of: whole)) + \(start)"
      } else {
        place(of: term.vector)
      }
    let count = values[term.vector].width / term.blocks
    // The block to which a number of the result belongs.
    let block = "(unit / \(term.isTransposed ? matrix.columns : rowsOfBlock))"
    if term.blocks > 1 { vector += " + \(count) * \(block)" }
    if term.isTransposed {
      usage.helpers.insert(.dotDown)
      let first = term.blocks > 1 ? " + \(matrix.columns * rowsOfBlock) * \(block)" : ""
      let start = term.offset == 0 ? "" : " + \(matrix.columns * term.offset)"
      let column = term.blocks > 1 ? "unit % \(matrix.columns)" : "unit"
      let scale = matrix.scale.map {
        ", \($0)" + (term.offset == 0 ? "" : " + \(term.offset)") + (term.blocks > 1 ? " + \(rowsOfBlock) * \(block)" : "")
      }
      return "dot_down(\(matrix.name)\(first)\(start) + \(column), \(matrix.columns)\(scale ?? ""), \(vector), \(count))"
    }
    usage.helpers.insert(.dot)
    let start = term.offset == 0 ? "" : " + \(term.offset)"
    return "dot(\(matrix.name) + \(matrix.columns) * unit\(start), \(vector), \(count))"
  }

  /// Where a vector stands.
  private func place(of value: StepValues.Value) -> String {
    switch values[value].operation {
    case .input: inputName
    case .previous(let state): stateName(state)
    case .parameter, .constant, .table, .affine, .call, .slice, .spread, .reduction, .sums, .row: array(value)
    }
  }

  /// Where a vector stands of which elements are read.
  private mutating func place(of value: StepValues.Value, _ arrays: inout CArrays) -> String {
    switch values[value].operation {
    case .parameter(let index): return vector(index, &arrays)
    case .table: return String(element(value, &arrays).text.dropLast("[unit]".count))
    default: return place(of: value)
    }
  }

  private mutating func vector(_ index: Int, _ arrays: inout CArrays) -> String {
    let entry = layout.entries[index]
    let name = found(parameterNames[index], orFail: "parameter \(entry.name) has no name in C")
    guard defined.insert(name).inserted else { return name }
    let numbers = parameters.dropFirst(entry.range.lowerBound).prefix(entry.range.count)
    if plan.cell.parameters[index].kind == .scalar, let number = numbers.first {
      arrays.add(name, scalar: number)
    } else {
      arrays.add(name, vector: numbers)
    }
    return name
  }

  private mutating func matrix(_ index: Int, _ arrays: inout CArrays) -> CArrays.Matrix {
    if let matrix = matrices[index] { return matrix }
    let entry = layout.entries[index]
    let matrix = arrays.add(
      found(parameterNames[index], orFail: "parameter \(entry.name) has no name in C"),
      matrix: parameters.dropFirst(entry.range.lowerBound).prefix(entry.range.count), scales: scales[entry.name],
      columns: entry.shape[1])
    matrices[index] = matrix
    return matrix
  }
}
