import CommandKit
import CommandLine
import Console
import Support

enum Optimizer: String, CaseIterable, Sendable { case adam, sgd, rmsprop }

/// A command with one option or argument of each kind; it prints what it was given.
let sample = Command(
  "sample", "Shows what commands can declare.",
  commands: [
    Command(
      "train", "Trains a model.",
      commands: [
        Command("text", "Trains a language model on a text and keeps what is best in a folder of its own.") { declare in
          let file = declare.argument("FILE", "the text, in UTF-8")
          let more = declare.optionalArgument("MODEL", "a model to go on with")
          let units = declare.integer("--units", in: 1...65_536, default: 128, "units in each layer")
          let seed = declare.integer("--seed", in: 0 ... .max, "where randomness begins; another one each time if not given")
          let rate = declare.number("--learning-rate", in: .positive, default: 0.002, "how far a step goes")
          let dropout = declare.number("--dropout", in: .range(0, below: 1), "which part of the units is left out between layers")
          let optimizer = declare.choice("--optimizer", default: Optimizer.adam, "how weights follow the gradient")
          let cell = declare.text("--cell", "NAME", default: "lstm", "the cell")
          let output = declare.text("--output", "FOLDER", "where the model goes")
          let json = declare.flag("--json", "print the results for machines")
          declare.example("train text shakespeare.txt --units 256", "trains a larger model than usual")
          return { invocation in
            try invocation.terminal.print(
              "\(invocation[file]) \(show(invocation[more])) \(invocation[units]) \(show(invocation[seed])) "
                + "\(invocation[rate]) \(show(invocation[dropout])) \(invocation[optimizer]) \(invocation[cell]) "
                + "\(show(invocation[output])) \(invocation[json])")
          }
        }
      ]),
    Command("check", "Checks cells.") { declare in
      let cells = declare.repeatedArgument("CELL", "a name or a file")
      return { invocation in
        for cell in invocation[cells] where cell.hasSuffix("?") { throw RecurrentError(.unsuitable, "there is no cell \(cell)") }
        try invocation.terminal.print(invocation[cells].joined(separator: " "))
      }
    },
  ])

private func show<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "-" }
