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
    let options = SettingOptions(TranslationWriter.Settings.fields, &declare, scratch: TranslationWriter.Settings())
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    declare.example("translate runs/pairs-lstm new.txt --beam 5", "a text a line, a translation a line")
    declare.example(
      "echo \"knight\" | recurrent translate runs/words-lstm --best 3", "the three best, with the line and a score each")
    return { invocation in
      let machine = try Machine(threads: invocation[threads])
      let translator = try openModel(invocation[model]) { try Translator(contentsOf: $0) }
      try TranslationWriter(translator, options.value(invocation), machine: machine, invocation.terminal).write(invocation[file])
    }
  }
}
