import CellCompiler
import CellLanguage
import Engine
import Networks
import Support

/// The two files.
extension NetworkWriter {
  private var capitals: String { prefix.uppercased() }

  /// The header: what the network is, and what it has for others.
  var header: String {
    let guardName = "\(capitals)_H"
    var lines = ["/* \(commented(title)).h: a recurrent network. Made by recurrent \(Release.version).", " *"]
    lines += overview.map { $0.isEmpty ? " *" : " * \(commented($0))" } + [" */"]
    lines += ["#ifndef \(guardName)", "#define \(guardName)", "", "#include <stddef.h>", "#include <stdint.h>", ""]
    lines += ["#ifdef __cplusplus", "extern \"C\" {", "#endif", ""]
    if input.numbers > 0 { lines.append("#define \(capitals)_INPUTS \(input.numbers)  /* numbers that a step reads */") }
    if let symbols = input.symbols {
      lines.append("#define \(capitals)_SYMBOLS \(symbols)  /* symbols, counted from 0, of which a step reads one */")
    }
    lines += ["#define \(capitals)_OUTPUTS \(outputs)  /* \(commented(outputSummary)) */", ""]
    lines += ["/* What lasts from step to step. */", "typedef struct {"]
    lines += members.map { "  \(real) \($0.name)[\($0.count)];" }
    if countsSteps { lines.append("  uint32_t step_count;") }
    if members.isEmpty { lines.append("  char nothing;") }
    lines += ["} \(prefix)_state;", ""]
    for function in functions { lines += ["/* \(function.comment) */", function.head + ";", ""] }
    for table in tables { lines += ["/* \(commented(table.comment)) */", "extern \(table.head);", ""] }
    lines += ["#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The definitions.
  var source: String {
    let helpers = allHelpers
    var lines = [
      "/* \(commented(title)).c: see \(commented(title)).h. Made by recurrent \(Release.version). */", "#include \"\(title).h\"",
      "",
    ]
    let needed = [
      ("math", usage.usesMath || helpers.contains { $0.usesMath(options) }),
      ("string", options.weights.helper.map(helpers.contains) ?? false),
    ]
    for (name, isNeeded) in needed where isNeeded { lines.append("#include <\(name).h>") }
    if needed.contains(where: \.1) { lines.append("") }
    for helper in helpers { lines += helper.definition(options) + [""] }
    for section in sections { lines += section + [""] }
    for table in tables { lines += ["\(table.head) = {"] + wrapped(table.items) + ["};", ""] }
    for function in functions { lines += [function.head, "{"] + function.body.flatMap { folded("  " + $0) } + ["}", ""] }
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  /// The helpers that are called, those that others call before them.
  private var allHelpers: [CHelper] {
    var needed = usage.helpers
    while true {
      let more = needed.union(needed.flatMap { $0.needs(options) })
      if more == needed { break }
      needed = more
    }
    return CHelper.allCases.filter(needed.contains)
  }

  /// What the network is, and how it is used.
  private var overview: [String] {
    let architecture = network.architecture
    var lines = ["It reads \(inputSummary)."]
    for pass in network.graph.passes {
      lines.append(
        "\(pass.pass.name.capitalizedFirst): \(pass.plan.cell.name)\(pass.plan.cell.hasUnits ? ", \(pass.plan.dimensions.units) units" : "")."
      )
    }
    lines.append("It gives \(outputSummary)\(givesSteps ? " at each step" : ", made of \(readoutSummary)").")
    lines += meaning.notes
    let kind: String =
      switch options.weights {
      case .float32: "matrices in 32 bits"
      case .float16: "matrices in half precision"
      case .bfloat16: "matrices as the upper halves of their numbers"
      case .int8: "matrices in 8 bits with a scale for each row"
      }
    lines += [
      "", "\(flash.grouped) bytes of constants (\(kind)) beside the code,", "\(stateBytes.grouped) bytes of state,",
      "\(stack.grouped) bytes of vectors on the stack.", "",
    ]
    if options.math == .fast {
      lines += ["tanh is within \(CHelper.quickTanhError) of the exact value, and so is the logistic function.", ""]
    }
    let argument = (input.symbols == nil ? "" : ", symbol") + (input.numbers > 0 ? ", x" : "")
    lines += [
      "    \(prefix)_state state;", "    \(real) y[\(capitals)_OUTPUTS];", "    \(prefix)_reset(&state);",
      "    \(prefix)_step(&state\(argument), y);    once for each step",
    ]
    return lines
      + (architecture.readout == .everyStep
        ? [] : ["", "Where the output is wanted once, y may be NULL at all steps but the last."])
  }

  private var inputSummary: String {
    var parts: [String] = []
    if let symbols = input.symbols { parts.append("a symbol of \(symbols.grouped)") }
    if input.numbers > 0 { parts.append("\(input.numbers) number\(input.numbers == 1 ? "" : "s")") }
    return parts.joined(separator: " and ") + " at each step"
  }

  private var outputSummary: String {
    if network.architecture.givesClasses { return "probabilities of \(outputs) classes" }
    let count = "\(outputs) number\(outputs == 1 ? "" : "s")"
    guard let (distribution, targets) = network.architecture.output.distribution else { return count }
    return "\(count), \(distribution.parameterCount) for each of \(targets) distributions (\(distribution.name))"
  }

  private var readoutSummary: String {
    switch network.architecture.readout {
    case .everyStep: ""
    case .last: "the last step so far"
    case .mean: "the mean of the steps so far"
    case .max: "the largest of the steps so far"
    }
  }
}

/// What the files have for others.
extension NetworkWriter {
  /// A function, with a comment that says what it does.
  private struct Function {
    let comment: String
    let head: String
    let body: [String]
  }

  private var functions: [Function] { [resetting, stepping, running] }

  private var resetting: Function {
    var body: [String] = []
    if !members.isEmpty { body += ["size_t unit;", ""] }
    for member in members {
      body.append(
        "for (unit = 0; unit < \(member.count); unit++) state->\(member.name)[unit] = \(member.initial.map { "\($0)[unit]" } ?? options.number.literal(0));"
      )
    }
    if countsSteps { body.append("state->step_count = 0;") }
    if members.isEmpty { body.append("state->nothing = 0;") }
    return Function(
      comment: "Sets a state to what it is before the first step.", head: "void \(prefix)_reset(\(prefix)_state *state)",
      body: body)
  }

  /// What a step reads, as arguments: of one step, or of many.
  private func arguments(many: Bool) -> [String] {
    let symbol = input.symbols == nil ? [] : [many ? "const int32_t *symbols" : "int32_t symbol"]
    let numbers = input.numbers == 0 ? [] : [many ? "const \(real) *x" : "const \(real) x[\(capitals)_INPUTS]"]
    return symbol + numbers
  }

  /// What a function returns whose symbols may be none.
  private var result: String { input.symbols == nil ? "void" : "int" }
  private var resultComment: String {
    input.symbols == nil ? "" : " Returns 0, or -1 at a symbol that there is not, where it stops and changes nothing."
  }

  private var stepping: Function {
    var body = locals
    if (steps + output).contains(where: { $0.contains("unit") }) { body.append("size_t unit;") }
    if !body.isEmpty { body.append("") }
    if input.symbols != nil { body.append("if (symbol < 0 || symbol >= \(capitals)_SYMBOLS) return -1;") }
    if members.isEmpty { body.append("(void)state;") }
    body += steps
    if output.count == 1 {
      body.append("if (y != NULL) \(output[0])")
    } else {
      body += ["if (y != NULL) {"] + output.map { "  " + $0 } + ["}"]
    }
    if input.symbols != nil { body.append("return 0;") }
    let arguments = ["\(prefix)_state *state"] + arguments(many: false) + ["\(real) y[\(capitals)_OUTPUTS]"]
    return Function(
      comment: "Takes a step and writes what the network gives; y may be NULL.\(resultComment)",
      head: "\(result) \(prefix)_step(\(arguments.joined(separator: ", ")))", body: body)
  }

  private var running: Function {
    let own =
      (input.symbols == nil ? [] : ["symbols[step]"])
      + (input.numbers == 0 ? [] : ["x + \(capitals)_INPUTS * step"]) + [
        givesSteps ? "y + \(capitals)_OUTPUTS * step" : "step + 1 == steps ? y : NULL"
      ]
    let call = "\(prefix)_step(state, \(own.joined(separator: ", ")))"
    var body = ["size_t step;", ""]
    if input.symbols == nil {
      body.append("for (step = 0; step < steps; step++) \(call);")
    } else {
      body += ["for (step = 0; step < steps; step++) {", "  if (\(call) != 0) return -1;", "}", "return 0;"]
    }
    let arguments = ["\(prefix)_state *state"] + arguments(many: true) + ["size_t steps", "\(real) *y"]
    let what =
      givesSteps ? "y receives what each step gives, one after the other" : "y receives what the network gives after the last one"
    return Function(
      comment: "Takes some steps; \(what).\(resultComment)",
      head: "\(result) \(prefix)_run(\(arguments.joined(separator: ", ")))", body: body)
  }

  /// A table of what numbers stand for.
  private struct Table {
    let comment: String
    let head: String
    let items: [String]
    /// What it takes where a pointer has four bytes.
    let bytes: Int
  }

  /// Bytes of what numbers stand for.
  var tableBytes: Int { tables.reduce(0) { $0 + $1.bytes } }

  private var tables: [Table] {
    var tables: [Table] = []
    func add(names: [String], _ count: String, _ name: String, _ comment: String) {
      tables.append(
        Table(
          comment: comment, head: "const char *const \(prefix)_\(name)[\(capitals)_\(count)]", items: names.map(literal),
          bytes: names.reduce(0) { $0 + $1.utf8.count + 1 + 4 }))
    }
    func add(_ quantities: [NumberMeaning.Quantity], _ count: String, _ what: String) {
      add(names: quantities.map(\.name), count, "\(what)_names", "What the numbers of the \(what) are.")
      let scales = quantities.compactMap(\.scale)
      guard scales.count == quantities.count else { return }
      for (part, numbers) in [("means", scales.map(\.mean)), ("deviations", scales.map(\.deviation))] {
        tables.append(
          Table(
            comment: "A number of the \(what) is (value - mean) / deviation: the \(part).",
            head: "const \(real) \(prefix)_\(what)_\(part)[\(capitals)_\(count)]", items: numbers.map(options.number.literal),
            bytes: options.number.size * numbers.count))
      }
    }
    if let symbols = input.symbols, let legend = network.architecture.input.encoding.legends.first, legend.names.count <= symbols
    {
      let others = [String](repeating: "<unk>", count: symbols - legend.names.count)
      add(names: others + legend.names, "SYMBOLS", "symbols", "The symbols: \(legend.what).")
    }
    if !meaning.inputs.isEmpty, meaning.inputs.count == input.numbers { add(meaning.inputs, "INPUTS", "input") }
    if !meaning.outputs.isEmpty, meaning.outputs.count == outputs { add(meaning.outputs, "OUTPUTS", "output") }
    return tables
  }
}
