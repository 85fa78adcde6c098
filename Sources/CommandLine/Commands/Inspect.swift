import CellLanguage
import Engine
import Inspector
import ModelFiles
import Networks
import Sequences
import Tables

extension Command {
  /// `recurrent inspect`
  static let inspect = Command("inspect", "Shows what each gate of a model kept, dropped and read out.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let keys = InspectionKeys(&declare)
    let layer = declare.integer("--layer", in: 1...1_000_000, "the layer that is shown, counted from 1 (default: the last)")
    let quantity = declare.text("--quantity", "NAME", "what is shown of it, such as f or c' (default: its memory)")
    let units = declare.units("--unit", "the units that are shown, such as 3 or 3,17 (default: the most telling)")
    let html = declare.text("--html", "FILE", "write a page to FILE that any browser opens, to look into at leisure")
    let svg = declare.text("--svg", "FOLDER", "write a picture of each quantity, and of how far back outputs look, to FOLDER")
    let json = declare.text("--json", "FILE", "write all that was found to FILE, as JSON")
    declare.example("inspect runs/book-lstm --text \"It was \"", "shows the memory, letter by letter")
    declare.example("inspect runs/book-lstm --input chapter.txt --html chapter.html", "makes a page of all that was found")
    declare.example("inspect a.safetensors --input t.txt --clamp \"f = 1, i = 0\"", "holds gates and looks what becomes of it")
    return { invocation in
      let inspections = try keys.inspections(invocation[model], invocation)
      let report = InspectionReport(
        inspections, title: inspections.map(\.name).joined(separator: " and "), bytes: keys.bytes(invocation))
      if let thinned = report.thinned, invocation[json] != nil || invocation[html] != nil || invocation[svg] != nil {
        invocation.terminal.say(thinned)
      }
      let wish = InspectionView.Wish(
        layer: invocation[layer], quantity: invocation[quantity], units: invocation[units])
      let views = try inspections.map { try InspectionView.all($0, wish) }
      for (views, model) in zip(views, report.models) {
        for view in views {
          for line in view.lines(on: invocation.terminal.output) { try invocation.terminal.print(line) }
          try invocation.terminal.print()
        }
        for finding in model.findings { try invocation.terminal.print(finding.line(on: invocation.terminal.output)) }
        if inspections.count > 1 { try invocation.terminal.print() }
      }
      if let path = invocation[html] { try AtomicFile.write(report.html, to: path) }
      if let folder = invocation[svg] {
        try Folder.make(folder)
        for picture in report.pictures { try AtomicFile.write(Array(picture.svg.utf8), to: "\(folder)/\(picture.name)") }
      }
      if let path = invocation[json] { try AtomicFile.write(report.json, to: path) }
      for path in [invocation[html], invocation[svg], invocation[json]].compactMap(\.self) {
        invocation.terminal.say("written: \(path)")
      }
    }
  }
}

/// The options that say what is inspected.
struct InspectionKeys {
  private let text: Key<String?>
  private let file: Key<String?>
  private let labels: Key<String?>
  private let clamp: Key<String?>
  private let against: Key<String?>
  private let all: Key<Bool>
  private let threads: Key<Int?>

  init(_ declare: inout Declaration) {
    text = declare.text("--text", "TEXT", "what the model reads")
    file = declare.text(
      "--input", "FILE", "a file with what the model reads: a text, or numbers as CSV or safetensors, a row a step")
    labels = declare.text(
      "--labels", "FILE", "numbers that are known of each step, as CSV or one a line: units that go with them are found")
    clamp = declare.text("--clamp", "WHAT", "hold gates: \"layer 1: f = 1, i[3] = 0, steps 10-20\"")
    against = declare.text("--against", "MODEL", "another model that reads the same, to compare with")
    all = declare.flag("--all", "keep all steps and pre-activations in the report, however large it gets")
    threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
  }

  func bytes(_ invocation: Invocation) -> Int? { invocation[all] ? nil : InspectionReport.dataBytes }

  /// The model, and the one that it is compared with, run over what they are to read.
  func inspections(_ model: String, _ invocation: Invocation) throws -> [Inspection] {
    let machine = try Machine(threads: invocation[threads])
    let clamps = try invocation[clamp].map { try [Clamp](parsing: $0) } ?? []
    let paths = [model] + (invocation[against].map { [$0] } ?? [])
    let inspections = try paths.map { path in
      let network = try openModel(path) { try Network(contentsOf: $0) }
      let input = try input(of: network, path, invocation)
      if let last = clamps.compactMap(\.steps?.lowerBound).max(), last >= input.count {
        throw Failure("--clamp speaks of step \(last), and there are \(input.count) steps, counted from 0")
      }
      return try Inspection(network, name: path, on: input, clamps: clamps, machine: machine)
    }
    if inspections.count == 2, inspections[0].input.texts != inspections[1].input.texts {
      throw Failure("\(paths[0]) and \(paths[1]) do not read the same steps: their vocabularies are of different kinds")
    }
    return inspections
  }

  private func input(of network: Network, _ model: String, _ invocation: Invocation) throws -> InspectedInput {
    var input: InspectedInput
    switch network.architecture.input {
    case .tokens(let vocabulary, _):
      input = InspectedInput(.tokens(try tokens(vocabulary, model, invocation), vocabulary))
    case .words:
      throw Failure(
        "\(model) reads words with their spelling, which can't be inspected: `recurrent predict` says what it makes of them")
    case .namedFeatures:
      throw Failure(
        "\(model) reads the name of a series beside its numbers, which can't be inspected: train without --series-embedding to look inside"
      )
    case .features(let count):
      guard let file = invocation[file], invocation[text] == nil else {
        throw UsageError("\(model) reads numbers, \(count) a step: give them as --input FILE, a CSV or safetensors file")
      }
      input = InspectedInput(.features(try features(count, file, model)))
    }
    if let file = invocation[labels] {
      let table = try NumberTable(contentsOf: file)
      guard table.rows == input.count else {
        throw Failure(
          "\(file) has \(table.rows.grouped) rows of labels, and the input \(input.count.grouped) steps: give one a step")
      }
      input.labels = table.columns.map { .init($0) }
    }
    return input
  }

  private func tokens(_ vocabulary: Vocabulary, _ model: String, _ invocation: Invocation) throws -> [Int32] {
    let tokens: [Int32]
    switch (invocation[text], invocation[file]) {
    case (let text?, nil): tokens = try vocabulary.encode(text)
    case (nil, let file?):
      let all = try TokenizedText(contentsOf: file, in: vocabulary).tokens
      tokens = (0..<all.count).map { all[$0] }
    default: throw UsageError("give either --text TEXT or --input FILE: what \(model) is to read")
    }
    if tokens.isEmpty { throw UsageError("the text is empty; give the model something to read") }
    let unknown = vocabulary.kind == .words ? tokens.count { $0 == 0 } : 0
    if unknown > 0 {
      invocation.terminal.say(
        "\(unknown == 1 ? "1 word is" : "\(unknown) words are") not in the model's vocabulary; it reads \(Vocabulary.unknown) instead"
      )
    }
    return tokens
  }

  private func features(_ count: Int, _ file: String, _ model: String) throws -> [InspectedInput.Column] {
    let columns: [InspectedInput.Column]
    if file.hasSuffix(".safetensors") {
      columns = try tensorColumns(file)
    } else {
      columns = try NumberTable(contentsOf: file).columns.map { .init($0) }
    }
    guard columns.count == count else {
      throw Failure("\(file) has \(columns.count) numbers a row, and \(model) reads \(count)")
    }
    if let gap = columns.first(where: { $0.values.contains(nil) }), let row = gap.values.firstIndex(of: nil) {
      throw Failure("\(file) has no number in the column \(gap.name) at step \(row)")
    }
    return columns
  }

  /// The only tensor of a file, `[steps, features]`.
  private func tensorColumns(_ path: String) throws -> [InspectedInput.Column] {
    let file = try Safetensors(contentsOf: path)
    guard file.tensors.count == 1, let tensor = file.tensors.first, tensor.shape.count == 2 else {
      throw Failure("\(path) should hold one tensor of the shape [steps, features] and nothing else")
    }
    let values = try file.values(tensor.name, as: Float.self)
    let width = tensor.shape[1]
    return (0..<width).map { column in
      .init(name: "\(tensor.name) \(column + 1)", values: (0..<tensor.shape[0]).map { values[$0 * width + column] })
    }
  }
}

extension InspectedInput.Column {
  fileprivate init(_ column: NumberTable.Column) {
    self.init(name: column.name, values: column.values.map { $0.map { Float($0) } })
  }
}

extension InspectionReport.Finding {
  /// The sentence, with a mark of how much it matters.
  fileprivate func line(on channel: Channel) -> String {
    switch level {
    case .problem: channel.styled("! \(text)", .red)
    case .advice: channel.styled("> ", .bold) + text
    case .note: "  \(text)"
    }
  }
}

extension Declaration {
  /// An option whose value is a list of units.
  fileprivate mutating func units(_ name: String, _ help: String) -> Key<[Int]?> {
    add(name, "N", help, expected: "units such as 3 or 3,17", standard: nil, shown: nil) { text in
      let units = text.split(separator: ",", omittingEmptySubsequences: false).map { wholeNumber(String($0), in: 0...Int.max) }
      return units.contains(nil) ? .none : .some(units.compactMap { $0 })
    }
  }
}
