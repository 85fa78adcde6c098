import CommandKit
import Console
import Engine
import Models
import Networks
import Support
import TaskKit
import Translating

extension Command {
  /// `recurrent translate`
  static let translate = Command(
    "translate", "Writes what texts become: translations, spellings or whatever a model has learned."
  ) {
    declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let file = declare.optionalArgument(
      "FILE",
      "texts, a line each, of which what follows a tab is left out; without one, they come from standard input, one after another"
    )
    let beam = declare.integer(
      "--beam", in: 1...4096,
      "beginnings that are kept after each symbol; 1 takes the most probable symbol each time (default: 1; with --best as many as that, and at least 5)"
    )
    let penalty = declare.number(
      "--length-penalty", in: .notNegative, default: 1,
      "how much longer translations are favoured: the exponent of (5 + n) / 6 for n symbols, by which logarithms of probabilities are divided"
    )
    let best = declare.integer("--best", in: 1...4096, default: 1, "translations of each text, the best first, with their scores")
    let format = declare.choice(
      "--format", "NAME", of: PredictionFormat.self, "how they are written; json: an object a line, with scores")
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    declare.example("translate runs/pairs-lstm new.txt --beam 5", "a text a line, a translation a line")
    declare.example(
      "echo \"knight\" | recurrent translate runs/words-lstm --best 3", "the three best, with the line and a score each")
    return { invocation in
      let machine = try Machine(threads: invocation[threads])
      let translator = try openModel(invocation[model]) { try Translator(contentsOf: $0) }
      try TranslationWriter(
        translator, format: invocation[format], beam: invocation[beam], best: invocation[best],
        lengthPenalty: invocation[penalty], machine: machine, invocation.terminal
      ).write(invocation[file])
    }
  }
}
