import CellCompiler
import CellLanguage
import Engine
import Support

/// Writes a layer's step as a function of C.
struct StepWriter {
  let plan: Plan
  let values: StepValues
  let stages: StepStages
  private let title: String
  let parameters: ArraySlice<Float>
  let scales: [String: [Float]]
  let layout: ParameterLayout
  let options: CSourceOptions
  /// The function's name, and the names within it.
  let name: String
  var names: CNames
  private(set) var inputName = ""
  private var stateNames: [Int: String] = [:]
  /// The arrays of stored values, and what other values are called that have a name in the function.
  private(set) var memory: [StepValues.Value: String] = [:]
  var own: [StepValues.Value: String] = [:]
  /// The file's names of parameters and of tables, and what of them the function has read so far.
  private(set) var parameterNames: [Int: String] = [:]
  private(set) var tableNames: [StepValues.Value: String] = [:]
  var defined: Set<String> = []
  var matrices: [Int: CArrays.Matrix] = [:]
  /// The stage that is being written.
  private(set) var stage = 0
  var usage = CUsage()
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
    var (declarations, body): ([String], [String]) = ([], [])
    declareMemory(&declarations)
    for stage in 0..<stages.count {
      self.stage = stage
      writeStage(to: &body, &arrays)
    }
    for (state, value) in values.next where !stages.inPlace.contains(state) {
      body.append(
        contentsOf: loop(Graph.Shape(plan.width(ofState: state)), ["\(stateName(state))[unit] = \(array(value))[unit];"]))
    }
    var arguments = states.map { "\(real) \(stateName($0))[\(plan.width(ofState: $0))]" }
    if readsInput { arguments.append("const \(real) \(inputName)[\(plan.dimensions.inputs)]") }
    let definitions = arrays.takeDefinitions()
    declarations += [body.contains { $0.contains("row = 0") } ? "size_t unit, row, column;" : "size_t unit;", ""]
    let head = "static void \(name)(\(arguments.joined(separator: ", ")))"
    return comment + definitions + (definitions.isEmpty ? [] : [""]) + [head, "{"]
      + (declarations + body).flatMap { folded("  " + $0) } + ["}"]
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
  private mutating func declareMemory(_ declarations: inout [String]) {
    for value in values.nodes.indices where stages.stored.contains(value) {
      if let state = stages.ownPlaces[value] {
        memory[value] = stateName(state)
        continue
      }
      let state = values.next.first { $0.value == value }?.state
      let name = names.name(values.names[value] ?? state.map { plan.cell.states[$0].name + "'" } ?? "v")
      memory[value] = name
      declarations.append("\(options.number.rawValue) \(name)[\(values[value].width)];")
      stack += options.number.size * values[value].width
    }
  }

  func stateName(_ state: Int) -> String {
    found(stateNames[state], orFail: "state \(state) of cell \(plan.cell.name) has no name in C")
  }

  func array(_ value: StepValues.Value) -> String {
    found(memory[value], orFail: "value \(value) of cell \(plan.cell.name) stands nowhere")
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
