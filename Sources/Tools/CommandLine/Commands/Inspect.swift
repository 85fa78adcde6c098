import CellLanguage
import CommandKit
import Console
import Engine
import Inspector
import Models
import Networks
import Sequences
import Storage
import Support
import Tables
import TaskKit

extension Command {
  /// `recurrent inspect`
  static func inspect(_ tasks: TaskRegistry) -> Command {
    Command("inspect", "Shows what each gate of a model kept, dropped and read out.") { declare in
      let model = declare.argument("MODEL", "a model file, or the folder of a run")
      let keys = InspectionKeys(tasks, &declare)
      let layer = declare.integer("--layer", in: 1...1_000_000, "the layer that is shown, counted from 1 (default: the last)")
      let quantity = declare.text("--quantity", "NAME", "what is shown of it, such as f or c' (default: its memory)")
      let units = declare.units("--unit", "the units that are shown, such as 3 or 3,17 (default: the most telling)")
      let html = declare.text("--html", "FILE", "write a page to FILE that any browser opens, to look into at leisure")
      let svg = declare.text("--svg", "FOLDER", "write a picture of each quantity, and of how far back outputs look, to FOLDER")
      let json = declare.text("--json", "FILE", "write all that was found to FILE, as JSON")
      declare.example("inspect runs/book-lstm --text \"It was \"", "shows the memory, letter by letter")
      declare.example("inspect runs/book-lstm chapter.txt --html chapter.html", "makes a page of all that was found")
      declare.example("inspect runs/names-lstm names.tsv --sequence 17", "what of a name tells the model its label")
      declare.example("inspect a.safetensors t.txt --clamp \"f = 1, i = 0\"", "holds gates, to see what follows")
      return { invocation in
        let inspections = try keys.inspections(invocation[model], invocation)
        let report = try InspectionReport(
          inspections, title: inspections.map(\.name).joined(separator: " and "), bytes: keys.bytes(invocation))
        if let thinned = report.thinned, invocation[json] != nil || invocation[html] != nil || invocation[svg] != nil {
          invocation.terminal.say("\(thinned) --all keeps everything.")
        }
        let wish = InspectionView.Wish(
          layer: invocation[layer], quantity: invocation[quantity], units: invocation[units])
        let views = try zip(inspections, report.models).map { try InspectionView.all($0, $1, wish) }
        for (place, model) in report.models.enumerated() {
          let source = SourceView(inspections[place], model).map { [$0.lines(on: invocation.terminal.output)] } ?? []
          for lines in views[place].map({ $0.lines(on: invocation.terminal.output) }) + source {
            for line in lines { try invocation.terminal.print(line) }
            try invocation.terminal.print()
          }
          if let outcome = model.outcome { try invocation.terminal.print(outcome) }
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
}

/// The options that say what is inspected.
struct InspectionKeys: Sendable {
  private let tasks: TaskRegistry
  private let file: Key<String?>
  private let text: Key<String?>
  private let sequence: Key<String?>
  private let header: Key<Answer?>
  private let dialect: SettingOptions<TableDialect>
  private let dates: Key<TimeFormat?>
  private let unknown: Key<UnknownCharacters?>
  private let labels: Key<String?>
  private let clamp: Key<String?>
  private let against: Key<String?>
  private let all: Key<Bool>
  private let threads: Key<Int?>

  init(_ tasks: TaskRegistry, _ declare: inout Declaration) {
    self.tasks = tasks
    file = declare.optionalArgument(
      "FILE",
      "what the model reads: a text, sequences, sentences or series as in training, or numbers, a row a step, as CSV or safetensors"
    )
    text = declare.text("--text", "TEXT", "what the model reads, in place of a FILE")
    sequence = declare.text(
      "--sequence", "WHICH",
      "which sequence, sentence or series of FILE: its number, counted from 1, or its name (default: the first)")
    header = TableKeys.header(&declare)
    dialect = TableKeys.dialect(&declare)
    dates = TableKeys.dates(&declare, otherwise: "as in training if not given")
    unknown = declare.unknownCharacters()
    labels = declare.text(
      "--labels", "FILE", "numbers that are known of each step, as CSV or one a line: units that go with them are found")
    clamp = declare.text("--clamp", "WHAT", "hold gates: \"layer 1: f = 1, i[3] = 0, steps 10-20\"")
    against = declare.text("--against", "MODEL", "another model that reads the same, to compare with")
    all = declare.flag("--all", "keep all steps and pre-activations in the report, however large it gets")
    threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
  }

  func bytes(_ invocation: Invocation) -> Int? { invocation[all] ? nil : InspectionReport.dataBytes }

  /// The inspections of the model and of the one that it is compared with.
  func inspections(_ model: String, _ invocation: Invocation) throws -> [Inspection] {
    let clamps = try invocation[clamp].map { try [Clamp](parsing: $0) } ?? []
    if invocation[text] != nil, invocation[file] != nil {
      throw RecurrentError(.usage, "give either --text TEXT or a FILE: what \(model) is to read")
    }
    if invocation[text] != nil, invocation[sequence] != nil {
      throw RecurrentError(.usage, "--sequence says which sequence of a FILE is read, and --text is one by itself: leave one out")
    }
    let request = InspectionRequest(
      text: invocation[text], file: invocation[file], sequence: invocation[sequence], hasHeader: invocation[header]?.isYes,
      dialect: try dialect.value(invocation), dates: invocation[dates],
      unknown: invocation[unknown])
    let paths = [model] + (invocation[against].map { [$0] } ?? [])
    let models = try paths.map { try OpenedModel(tasks, $0, threads: invocation[threads], invocation.terminal) }
    if paths.count == 2, invocation[text] == nil, invocation[file] == nil {
      throw RecurrentError(.usage, "two models can't both read standard input: give --text TEXT or a FILE")
    }
    let inspections = try zip(paths, models).map { path, model in
      // A network that belongs to no task is inspected, too.
      let task = tasks.owner(of: model.network)
      if invocation[dates] != nil, task?.readsDates != true {
        throw RecurrentError(.usage, "\(path) reads no dates: leave out --dates")
      }
      if invocation[unknown] != nil, model.network.meaning != nil || model.network.architecture.vocabulary == nil {
        throw RecurrentError(.usage, "--unknown is for models that read a text of characters, which \(path) is not: leave it out")
      }
      var (input, meaning) =
        try task.map { try $0.inspected(model, request) } ?? (model.plainInput(request), .plain)
      if let file = invocation[labels] {
        input.labels = try knownColumns(TableFile(file, model: request.dialect), steps: input.count) + input.labels
      }
      if let last = clamps.compactMap(\.steps?.lowerBound).max(), last >= input.count {
        throw RecurrentError(.unsuitable, "--clamp speaks of step \(last), and there are \(input.count) steps, counted from 0")
      }
      return try Inspection(model.network, name: path, on: input, meaning: meaning, clamps: clamps, machine: model.machine)
    }
    if inspections.count == 2, inspections[0].input.texts != inspections[1].input.texts {
      throw RecurrentError(
        .unsuitable, "\(paths[0]) and \(paths[1]) do not read the same steps: their vocabularies are of different kinds")
    }
    return inspections
  }

  /// The columns of numbers that are known of each step.
  private func knownColumns(_ file: TableFile, steps: Int) throws -> [InspectedInput.Column] {
    let table = try NumberTable(file)
    guard table.rows == steps else {
      throw RecurrentError(
        .unsuitable,
        "\(file.path) has \(table.rows.grouped) rows of labels, and the input \(steps.grouped) steps: give one a step")
    }
    return table.columns.map { .init($0) }
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
    add(name, "N", help, expected: "units such as 3 or 3,17", defaultValue: nil, shown: nil) { text in
      let units = text.split(separator: ",", omittingEmptySubsequences: false).map { wholeNumber(String($0), in: 0...Int.max) }
      return units.contains(nil) ? .none : .some(units.compactMap { $0 })
    }
  }
}
