import CellCompiler
import CellLanguage
import Engine
import Networks
import Support

/// Puts the file of a network together: its layers from the input up, and the functions that others call.
struct NetworkWriter {
  let network: Network
  let options: CSourceOptions
  let meaning: NumberMeaning
  /// What the files are called without their endings, and what all names begin with that others see.
  let title: String
  let prefix: String
  let input: CInput
  var arrays: CArrays
  var usage = CUsage()
  /// What stands before the functions that others call: the layers, one after the other.
  private(set) var sections: [[String]] = []
  /// The members of the state: what they are called, how many numbers they have, and what these are before the first step.
  private(set) var members: [(name: String, count: Int, initial: String?)] = []
  /// The body of the function that takes a step: its arrays, what runs at each step, and what makes its output.
  private(set) var locals: [String] = []
  var steps: [String] = []
  private(set) var output: [String] = []
  private(set) var localBytes = 0
  private var largestCall = 0
  /// What layers read: the arrays in which it stands, and how many numbers it has.
  var rows: [Architecture.Reading: (name: String, width: Int)] = [:]
  /// The names of states, in the struct and beside it.
  private var stateNames = CNames()
  /// The matrices that have been written, by the network's names.
  private var matrices: [String: CArrays.Matrix] = [:]

  init(
    _ network: Network, name: String, options: CSourceOptions, meaning: NumberMeaning
  ) throws(RecurrentError) {
    self.network = network
    var options = options
    options.weights = network.weightKind
    self.options = options
    self.meaning = meaning
    if name.isEmpty || name.unicodeScalars.contains(where: { $0.value < 32 || ["\"", "\\", "/"].contains($0) }) {
      throw RecurrentError(.setting, "\(quoted(name)) can't be the name of a C file: take letters, digits and _")
    }
    title = name
    prefix = CNames.identifier(name)
    // A file may be called as a layer is.
    var names = CNames()
    for function in ["reset", "step", "run"] { _ = names.name("\(prefix)_\(function)") }
    arrays = CArrays(options, names: names)
    input = try CInput(network)
    for pass in network.graph.passes where pass.pass.isReverse {
      throw RecurrentError(
        .interchange,
        "the network can't be written as C: layer \(pass.pass.layer + 1) reads each sequence from its last step, which code that takes "
          + "one step at a time does not know")
    }
    if case .special(let what) = network.architecture.output.head.function {
      throw RecurrentError(.interchange, "the network can't be written as C: its output is \(what)")
    }
  }

  var real: String { options.number.rawValue }
  /// The numbers of a row that the network gives.
  var outputs: Int { network.architecture.outputWidth }
  /// Whether sequences are read out, or each step is.
  var givesSteps: Bool { network.architecture.readout == .everyStep }
  var flash: Int { arrays.bytes + tableBytes }
  /// The count of steps takes four bytes, as a number in single precision does.
  var stateBytes: Int {
    let bytes = members.reduce(0) { $0 + options.number.size * $1.count } + (countsSteps ? 4 : 0)
    return bytes == 0 ? 1 : (bytes + options.number.size - 1) / options.number.size * options.number.size
  }
  var stack: Int { localBytes + largestCall }
  /// Whether the state counts the steps so far.
  var countsSteps: Bool { [.mean, .max].contains(network.architecture.readout) }

  /// Writes all that the file has but what others call.
  mutating func write() throws(RecurrentError) {
    let inputRow = writeInput()
    let architecture = network.architecture
    rows[.input] = (inputRow, architecture.inputWidth)
    for pass in network.graph.passes where pass.pass.span == .step {
      let read = place(of: architecture.resolvedReading(ofLayer: pass.pass.layer))
      rows[.layer(architecture.key(ofLayer: pass.pass.layer))] = (try write(pass, reading: read.name), pass.width)
    }
    let top = place(of: architecture.resolvedTop)
    var row = readOut(top.name, width: top.width)
    for pass in network.graph.passes where pass.pass.span == .sequence { row = try write(pass, reading: row) }
    writeHead(reading: row, beside: architecture.outputReadsInput ? inputRow : nil)
  }

  /// An array of the step's own; returns its name.
  mutating func local(_ name: String, _ count: Int, zero: Bool = false) -> String {
    locals.append("\(real) \(name)[\(count)]\(zero ? " = {0}" : "");")
    localBytes += options.number.size * count
    return name
  }

  /// Writes the vector that the first layer reads; returns what it is called.
  private mutating func writeInput() -> String {
    if input.symbols == nil { return "x" }
    let vector = local("vector", network.architecture.inputWidth)
    var (column, number) = (0, 0)
    for form in input.forms {
      let target = column == 0 ? "vector[unit]" : "vector[\(column) + unit]"
      switch form {
      case .numbers(let count):
        steps.append("for (unit = 0; unit < \(count); unit++) \(target) = x[\(number == 0 ? "" : "\(number) + ")unit];")
        (column, number) = (column + count, number + count)
      case .embedded(let symbols, let width, let weight):
        let matrix = matrix(weight, named: "embedding", columns: width)
        sections.append(["/* The vectors of the \(symbols) symbols. */"] + arrays.takeDefinitions())
        let place = "\(width) * (size_t)symbol + unit"
        let value = options.weights.value("\(matrix.name)[\(place)]", options.number)
        if let helper = options.weights.helper { usage.helpers.insert(helper) }
        let scaled = matrix.scale.map { "\($0)[symbol] * \(value)" } ?? value
        steps.append("for (unit = 0; unit < \(width); unit++) \(target) = \(scaled);")
        column += width
      case .oneHot(let symbols):
        let (zero, one) = (options.number.literal(0), options.number.literal(1))
        steps.append("for (unit = 0; unit < \(symbols); unit++) \(target) = unit == (size_t)symbol ? \(one) : \(zero);")
        column += symbols
      case .special: fatalError("an input that is not written as C was let through")
      }
    }
    return vector
  }

  /// Writes a layer, and its call; returns where its output stands.
  private mutating func write(_ pass: PassNode, reading row: String) throws(RecurrentError) -> String {
    let isAbove = pass.pass.span == .sequence
    let name = "\(isAbove ? "above" : "layer")\(pass.pass.layer + 1)"
    let weights = (isAbove ? network.layout.headPasses : network.layout.passes)[pass.pass.layer]
    var writer = try StepWriter(
      pass.plan, parameters: network.parameters[weights], scales: network.form.ofWeights(named: pass.pass.prefix).scales,
      name: name, title: pass.pass.name, in: &arrays)
    sections.append(writer.lines(&arrays))
    usage.add(writer.usage)
    largestCall = max(largestCall, writer.stack)
    var places: [String] = []
    for state in writer.states {
      let (title, width) = (pass.plan.cell.states[state].name, pass.plan.width(ofState: state))
      let own = stateNames.name("\(name)_\(title)")
      let learned = writer.lasts(state) ? network["\(pass.pass.prefix)initial.\(title)"] : nil
      var table: String?
      if let learned {
        let array = arrays.fileName("\(own)_initial")
        arrays.add(array, vector: learned, "before the first step")
        table = array
      }
      if writer.lasts(state), !isAbove {
        members.append((own, width, table))
        places.append("state->\(own)")
      } else {
        places.append(local(own, width, zero: writer.lasts(state) && table == nil))
        if let table { output.append(copy(table, to: own, width)) }
      }
    }
    let definitions = arrays.takeDefinitions()
    if !definitions.isEmpty { sections.append(definitions) }
    let call = "\(writer.name)(\((places + (writer.readsInput ? [row] : [])).joined(separator: ", ")));"
    if isAbove { output.append(call) } else { steps.append(call) }
    return places[0]
  }

  private func copy(_ source: String, to target: String, _ count: Int) -> String {
    "for (unit = 0; unit < \(count); unit++) \(target)[unit] = \(source)[unit];"
  }

  /// Reads out what the last layer has given so far; returns where that stands.
  private mutating func readOut(_ row: String, width: Int) -> String {
    let readout = network.architecture.readout
    switch readout {
    case .everyStep, .last: return row
    case .mean, .max:
      let pooled = readout == .mean ? "sum" : "largest"
      members.append((pooled, width, nil))
      let isFirst = "state->step_count == 0u"
      if readout == .mean {
        steps.append("for (unit = 0; unit < \(width); unit++) state->sum[unit] += \(row)[unit];")
      } else {
        usage.helpers.insert(.larger)
        steps.append("for (unit = 0; unit < \(width); unit++)")
        steps.append("  state->largest[unit] = \(isFirst) ? \(row)[unit] : larger(state->largest[unit], \(row)[unit]);")
      }
      steps.append("state->step_count++;")
      if readout == .max { return "state->largest" }
      output.append("for (unit = 0; unit < \(width); unit++) mean[unit] = state->sum[unit] / (\(real))state->step_count;")
      return local("mean", width)
    }
  }

  /// Writes what makes the output of what is read out.
  private mutating func writeHead(reading row: String, beside inputRow: String?) {
    if let (weight, bias) = network.layout.head {
      let columns = weight.shape[1]
      let matrix = matrix(weight.name, named: "output_weight", columns: columns)
      let biases = arrays.fileName("output_bias")
      arrays.add(biases, vector: network.parameters[bias.range])
      usage.helpers.insert(.dot)
      let below = columns - (inputRow == nil ? 0 : network.architecture.inputWidth)
      var products = ["dot(\(matrix.name) + \(columns) * unit, \(row), \(below))"]
      if let inputRow {
        products.append("dot(\(matrix.name) + \(columns) * unit + \(below), \(inputRow), \(network.architecture.inputWidth))")
      }
      let sum = products.joined(separator: " + ")
      let scaled = matrix.scale.map { "\($0)[unit] * \(products.count > 1 ? "(\(sum))" : sum)" } ?? sum
      output.append("for (unit = 0; unit < \(outputs); unit++)")
      output.append("  y[unit] = \(scaled) + \(biases)[unit];")
      sections.append(["/* The output: a matrix times what is read out, plus a bias. */"] + arrays.takeDefinitions())
    } else {
      output.append(copy(row, to: "y", outputs))
    }
    if network.architecture.givesClasses {
      usage.helpers.insert(.softmax)
      output.append("softmax(y, \(outputs));")
    }
  }

  /// A matrix of the network, written once.
  private mutating func matrix(_ tensor: String, named name: String, columns: Int) -> CArrays.Matrix {
    if let matrix = matrices[tensor] { return matrix }
    let entry = found(network.layout[tensor], orFail: "the network has no tensor \(tensor)")
    let matrix = arrays.add(
      arrays.fileName(name), matrix: network.parameters[entry.range], scales: network.form.scales[tensor], columns: columns)
    matrices[tensor] = matrix
    return matrix
  }
}

/// What a step of a network reads, as C takes it.
struct CInput {
  let forms: [InputForm]
  /// How many numbers, and of how many symbols one; nil of none.
  let numbers: Int
  let symbols: Int?

  /// - Throws: ``RecurrentError`` if C source does not have such an input.
  init(_ network: Network) throws(RecurrentError) {
    if let context = network.architecture.context {
      throw RecurrentError(
        .interchange, "the network can't be written as C: it begins each sequence with \(context.summary)")
    }
    forms = network.graph.inputParts.map(\.form)
    for case .special(let what) in forms {
      throw RecurrentError(.interchange, "the network can't be written as C: its input reads \(what)")
    }
    let vectors = network.architecture.input.encoding.vectors.map(\.name)
    guard vectors.isEmpty else {
      throw RecurrentError(
        .interchange,
        "the network can't be written as C: its cells read \(vectors.joined(separator: ", ")) beside what is below them")
    }
    let counts = forms.compactMap(\.symbols)
    guard counts.count <= 1 else {
      throw RecurrentError(
        .interchange, "the network can't be written as C: its input reads \(counts.count) symbols at each step")
    }
    symbols = counts.first
    numbers = forms.reduce(0) { if case .numbers(let count) = $1 { $0 + count } else { $0 } }
  }
}
