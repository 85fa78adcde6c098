import CellLanguage
import CommandKit
package import Console
import Models
import Networks
import Problems
import Sequences
import Storage
import Support

extension Command {
  /// `recurrent demo`
  static let demo = Command("demo", "Shows in less than a minute what a plain network forgets and an LSTM keeps.") { declare in
    let defaults = AgreementStudy()
    let iterations = declare.integer(
      "--iterations", in: 1...1_000_000, default: defaults.iterations, "batches that each network learns from")
    let seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed shows the same")
    let folder = declare.text("--save", "FOLDER", "keep the lstm that the sentence is shown with, to look inside it")
    return { invocation in
      var study = defaults
      study.iterations = invocation[iterations]
      study.seed = UInt64(invocation[seed])
      try study.show(on: invocation.terminal, savingTo: invocation[folder])
    }
  }
}

extension AgreementStudy {
  /// Trains the networks, and shows what they have learned.
  ///
  /// - Parameter folder: where the network that has learned from all distances is saved, with sentences to inspect it on; nil to
  ///   keep nothing.
  package func show(on terminal: Terminal, savingTo folder: String? = nil) throws {
    let heading = { (text: String) in terminal.output.styled(text, .bold) }
    try terminal.print(
      """
      The girl who lives near the river opened ... her bag, or his? To go on, one must
      remember the subject until a new one takes its place. For each distance, a plain
      recurrent network (rnn) and an LSTM (lstm) of \(units) units learn that from nothing,
      each on \((iterations * batch).grouped) sentences.

      """)
    let cells: [Cell] = [.rnn, .lstm]
    let alone = distances.flatMap { distance in cells.map { Lesson(cell: $0, distances: distance...distance) } }
    let mixed = Lesson(cell: .lstm, distances: 2...(distances.max() ?? 2))
    let outcomes = try run(alone + [mixed], on: terminal)

    try terminal.print(heading("Right answers, by the words from the subject to \"his\" or \"her\""))
    try terminal.print("Bars begin at 50 %, which is guessing.\n")
    let report = AgreementReport(cells: cells, distances: distances, outcomes: outcomes)
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
    try terminal.print("\n" + conclusion(report))

    if let network = outcomes[mixed]?.network {
      try showSentence(network, mixed, on: terminal)
      if let folder { try save(network, mixed, to: folder, terminal) }
    }
    try terminal.print(
      """

      \(heading("What to try next"))
        recurrent train problem agreement --cell gru   the same with another cell
        recurrent cells list                           the cells that there are
        recurrent cells show lstm                      the equations of one
        recurrent train text FILE                      a model of a text of yours
      """)
  }

  private func conclusion(_ report: AgreementReport) -> String {
    let (short, long) = (report.reach(.rnn), report.reach(.lstm))
    guard let long, long > short ?? 0 else {
      return "The rnn reaches as far as the lstm here: give them more --iterations."
    }
    return """
      The rnn holds \(short.map { "over \($0) words" } ?? "nowhere"), the lstm over \(long). What a network learns from must
      travel back that far. In the rnn it fades; in the lstm, gates let it through.
      """
  }

  private func showSentence(_ network: Network, _ lesson: Lesson, on terminal: Terminal) throws {
    let unit = try genderUnit(of: network, state: "c'", distances: lesson.distances)
    let reading = try read(with: network, unit: unit)
    try terminal.print(
      """

      \(terminal.output.styled("One sentence, word by word, and where the lstm keeps the gender", .bold))
      An lstm that has learned from all distances at once must be ready at every word.
      Of the \(units) units of its cell state, unit \(unit.index) goes best with the gender: over other
      sentences their correlation is \(unit.correlation.fixed(2)).

      """)
    for line in reading.lines(on: terminal.output) { try terminal.print(line) }
    let (first, second) = (reading.atQuestions[0], reading.atQuestions[1])
    guard first.value * second.value < 0 else {
      return try terminal.print("\nIt does not flip at the new subject: give the lstm more --iterations.")
    }
    try terminal.print(
      """

      It flips with the new subject: \(first.value.signed) at "\(first.word)", where \(first.possessive) comes next, and
      \(second.value.signed) at "\(second.word)", where \(second.possessive) does.
      """)
  }

  /// Writes the network, sentences that no training sees, and the gender to be remembered after each of their words.
  private func save(_ network: Network, _ lesson: Lesson, to folder: String, _ terminal: Terminal) throws {
    try Folder.make(folder)
    let problem = try Agreement(distances: lesson.distances)
    var random = unseen(.saving)
    let sentences = (0..<40).map { _ in problem.sentence(using: &random) }
    let genders = sentences.flatMap(\.awaitedGenders).map { $0.map { "\($0)" } ?? "" }
    let text = sentences.map { $0.words.joined(separator: " ") }.joined(separator: " ")
    try network.save(to: folder + "/model.safetensors")
    try AtomicFile.write(Array(text.utf8), to: folder + "/sentences.txt")
    try AtomicFile.write(Array((["gender"] + genders).map { $0 + "\n" }.joined().utf8), to: folder + "/gender.csv")
    try terminal.print(
      """

      \(terminal.output.styled("To look inside", .bold))
        recurrent inspect \(folder)/model.safetensors \(folder)/sentences.txt \\
          --labels \(folder)/gender.csv
      """)
  }
}
