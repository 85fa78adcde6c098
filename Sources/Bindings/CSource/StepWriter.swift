import CellCompiler
import CellLanguage
import Engine
import Support

/// Writes a layer's step as a function of C.
struct StepWriter {
  private let plan: Plan
  private let values: StepValues
  private let stages: StepStages
  private let title: String
  private let parameters: ArraySlice<Float>
  private let scales: [String: [Float]]
  private let layout: ParameterLayout
  private let options: CSourceOptions
  /// The function's name, and the names within it.
  let name: String
  private var names: CNames
  private var inputName = ""
  private var stateNames: [Int: String] = [:]
  /// The arrays of stored values, and what other values are called that have a name in the function.
  private var memory: [StepValues.Value: String] = [:]
  private var own: [StepValues.Value: String] = [:]
  /// The file's names of parameters and of tables, and what of them the function has read so far.
  private var parameterNames: [Int: String] = [:]
  private var tableNames: [StepValues.Value: String] = [:]
  private var defined: Set<String> = []
  private var matrices: [Int: CArrays.Matrix] = [:]
  /// The stage that is being written.
  private var stage = 0
  private(set) var usage = CUsage()
  /// Bytes of the function's arrays.
  private(set) var stack = 0

  /// - Parameters:
  ///   - parameters: of the layer, laid out as `ParameterLayout` says.
  ///   - scales: of the rows of its matrices, by their names; none where these are not whole numbers.
  ///   - name: what names of the layer begin with: `layer1`.
  ///   - title: what the layer is called in comments and messages.
  init(
    _ plan: Plan, parameters: ArraySlice<Float>, scales: [String: [Float]], name: String, title: String,
    in arrays: inout CArrays
  ) throws(RecurrentError) {
    self.plan = plan
    self.title = title
    self.parameters = parameters
    self.scales = scales
    options = arrays.options
    layout = ParameterLayout(plan.cell, dimensions: plan.dimensions)
    values = try StepValues(plan, parameters: parameters)
    stages = StepStages(values)
    self.name = arrays.fileName(name + "_step")
    for (index, entry) in layout.entries.enumerated() { parameterNames[index] = arrays.fileName("\(name)_\(entry.name)") }
    for (value, node) in values.nodes.enumerated() {
      if case .table = node.operation { tableNames[value] = arrays.fileName("\(name)_constant") }
    }
    names = arrays.names
    for (state, _) in values.next { stateNames[state] = names.name(plan.cell.states[state].name) }
    inputName = names.name(plan.cell.input)
  }

  /// The states that the function changes, by their numbers in the cell: its arguments, before the input if it reads that.
  var states: [Int] { values.next.map(\.state) }
  /// Whether a state is read before it is written, and so has to last from step to step.
  func lasts(_ state: Int) -> Bool { stages.readStates.contains(state) }
  var readsInput: Bool { stages.readsInput }

  /// The function, after the arrays that it reads.
  mutating func lines(_ arrays: inout CArrays) -> [String] {
    let real = options.number.rawValue
    var body: [String] = []
    declareMemory(&body)
    body.append("size_t unit;")
    body.append("")
    for stage in 0..<stages.count {
      self.stage = stage
      writeStage(to: &body, &arrays)
    }
    for (state, value) in values.next where !stages.inPlace.contains(state) {
      body.append(contentsOf: loop(plan.width(ofState: state), ["\(stateName(state))[unit] = \(array(value))[unit];"]))
    }
    var arguments = states.map { "\(real) \(stateName($0))[\(plan.width(ofState: $0))]" }
    if readsInput { arguments.append("const \(real) \(inputName)[\(plan.dimensions.inputs)]") }
    let definitions = arrays.takeDefinitions()
    let head = "static void \(name)(\(arguments.joined(separator: ", ")))"
    return comment + definitions + (definitions.isEmpty ? [] : [""]) + [head, "{"] + body.flatMap { folded("  " + $0) } + ["}"]
  }

  /// What the layer is, with its equations.
  private var comment: [String] {
    let cell = plan.cell
    let text = cell.description.split(separator: "\n", omittingEmptySubsequences: false).map { commented(String($0)) }
    let equations = text.filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("init ") }
    let sizes = plan.dimensions.values.filter { $0.key != "inputs" && $0.key != "units" }.sorted { $0.key < $1.key }
    let own = sizes.map { ", \(CNames.identifier($0.key)) = \($0.value)" }.joined()
    return
      [
        "/* \(title.capitalizedFirst), \(commented(cell.name)): \(plan.dimensions.units) units that read \(plan.dimensions.inputs) numbers\(own)",
        " *",
      ]
      + equations.map { " *     \($0)" } + [" */"]
  }

  /// Declares the arrays of what is stored.
  private mutating func declareMemory(_ body: inout [String]) {
    for value in values.nodes.indices where stages.stored.contains(value) {
      let state = values.next.first { $0.value == value }?.state
      let name = names.name(values.names[value] ?? state.map { plan.cell.states[$0].name + "'" } ?? "v")
      memory[value] = name
      body.append("\(options.number.rawValue) \(name)[\(values[value].width)];")
      stack += options.number.size * values[value].width
    }
  }

  /// Writes a stage: what is the same for all elements, then a loop for each length of its vectors.
  private mutating func writeStage(to body: inout [String], _ arrays: inout CArrays) {
    let real = options.number.rawValue
    for value in values.nodes.indices where stages.stages[value] == stage && values[value].isUniform {
      guard case .call = values[value].operation, stages.uses[value] > 1 || values.names[value] != nil else { continue }
      let text = expression(value, &arrays).text
      let name = names.name(values.names[value] ?? "t")
      own[value] = name
      body.append("const \(real) \(name) = \(text);")
    }
    for width in Set(values.nodes.map(\.width)).sorted(by: >) {
      var reductions: [(name: String, reduction: CReduction)] = []
      var rows: [String] = []
      var lines: [String] = []
      for (value, node) in values.nodes.enumerated() {
        if case .reduction(let reduction, let vector) = node.operation, stages.stages[vector] == stage,
          values[vector].width == width
        {
          let name = names.name(reduction == .mean ? "mean" : "sum")
          reductions.append((name, reduction))
          lines.append("\(name) += \(element(vector, &arrays).text);")
          own[value] = name
        } else if case .row(let helper, let vector) = node.operation {
          guard stages.stages[vector] == stage, node.width == width else { continue }
          lines.append("\(array(value))[unit] = \(element(vector, &arrays).text);")
          rows.append("\(helper.rawValue)(\(array(value)), \(width));")
          usage.helpers.insert(helper)
        } else if node.width == width, stages.stages[value] == stage {
          writeStatement(of: value, to: &lines, &arrays)
        }
      }
      for (state, value) in values.next where stages.inPlace.contains(state) && stages.stages[value] == stage {
        if values[value].width == width { lines.append("\(stateName(state))[unit] = \(element(value, &arrays).text);") }
      }
      if lines.isEmpty { continue }
      for (name, _) in reductions { body.append("\(real) \(name) = \(options.number.literal(0));") }
      body += loop(width, lines)
      body += rows
      for (name, reduction) in reductions where reduction == .mean {
        body.append("\(name) /= \(options.number.literal(Double(width)));")
      }
    }
  }

  /// Writes the statement that computes a value, if it has one of its own: otherwise it stands where it is read.
  private mutating func writeStatement(
    of value: StepValues.Value, to lines: inout [String], _ arrays: inout CArrays
  ) {
    if let array = memory[value] {
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

  private func loop(_ count: Int, _ lines: [String]) -> [String] {
    let head = "for (unit = 0; unit < \(count); unit++)"
    if lines.count == 1, head.utf8.count + lines[0].utf8.count < 100 { return ["\(head) \(lines[0])"] }
    return ["\(head) {"] + lines.map { "  " + $0 } + ["}"]
  }

  private func stateName(_ state: Int) -> String {
    found(stateNames[state], orFail: "state \(state) of cell \(plan.cell.name) has no name in C")
  }

  private func array(_ value: StepValues.Value) -> String {
    found(memory[value], orFail: "value \(value) of cell \(plan.cell.name) stands nowhere")
  }

  /// An element of a value, `unit`, or the number that is the same for all.
  private mutating func element(_ value: StepValues.Value, _ arrays: inout CArrays) -> CExpression {
    if let name = own[value], values[value].isUniform || stages.stages[value] == stage { return CExpression(name) }
    switch values[value].operation {
    case .input: return CExpression("\(inputName)[unit]")
    case .previous(let state): return CExpression("\(stateName(state))[unit]")
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
    case .affine, .call, .reduction, .row:
      if !values[value].isUniform, let array = memory[value] { return CExpression("\(array)[unit]") }
      return expression(value, &arrays)
    }
  }

  /// What computes a value.
  private mutating func expression(_ value: StepValues.Value, _ arrays: inout CArrays) -> CExpression {
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
    case .input, .previous, .parameter, .constant, .table, .slice, .reduction, .row: return element(value, &arrays)
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
    case .parameter, .constant, .table, .affine, .call, .slice, .reduction, .row: array(value)
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

/// What a function calls.
struct CUsage {
  var helpers: Set<CHelper> = []
  /// Whether it needs the C library's mathematics.
  var usesMath = false

  mutating func take(_ form: COperator) {
    switch form {
    case .library: usesMath = true
    case .helper(let helper), .row(let helper): helpers.insert(helper)
    case .infix, .negation, .copy: break
    }
  }

  mutating func add(_ other: CUsage) {
    helpers.formUnion(other.helpers)
    usesMath = usesMath || other.usesMath
  }
}
