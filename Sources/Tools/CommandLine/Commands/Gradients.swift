import CellLanguage
import ChartPictures
import CommandKit
import Console
import Engine
import Markup
import Models
import Networks
import Sequences
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent gradients`
  static let gradients = Command("gradients", "Shows how far back in time a gradient reaches, cell by cell.") { declare in
    let cells = declare.text(
      "--cells", "LIST", default: "rnn,lstm,gru",
      "cells of the library or .cell files, with commas between them; lstm[b_f=0] starts a parameter in another way")
    let model = declare.text("--model", "MODEL", "a trained model in place of fresh cells: a file, or the folder of a run")
    let text = declare.text("--text", "FILE", "what the model reads; symbols drawn at random if not given")
    let length = declare.integer("--length", in: 2...100_000, default: 200, "steps of the sequences")
    let units = declare.integer("--units", in: 1...65_536, default: 64, "units in each layer of fresh cells")
    let layers = declare.integer("--layers", in: 1...64, default: 1, "layers of each fresh cell, one above the other")
    let inputs = declare.integer(
      "--inputs", in: 1...65_536, default: 8, "numbers, normally distributed, that fresh cells read at each step")
    let sizes = declare.sizes()
    let batch = declare.integer("--batch", in: 1...65_536, default: 16, "sequences to take the mean over")
    let seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed gives the same weights and sequences")
    let picture = declare.text("--svg", "FILE", "draw a picture, too")
    let json = declare.flag("--json", "print all norms as JSON")
    declare.example("gradients", "shows why a plain network forgets and an LSTM does not")
    declare.example("gradients --cells 'lstm,lstm[b_f=0]'", "shows what the forget gate's bias does")
    declare.example(
      "gradients --cells 'rnn[W_h=normal(0.05)],rnn,irnn'", "shows what small weights, orthogonal ones and rectified units do")
    declare.example("gradients --model runs/book-lstm --text book.txt", "shows how far a trained model's memory reaches")
    return { invocation in
      let terminal = invocation.terminal
      let run = GradientStudy.Run(
        steps: invocation[length], batch: invocation[batch], seed: UInt64(invocation[seed]), machine: try Machine(threads: nil))
      var study = GradientStudy(run)
      if let path = invocation[model] {
        let fresh = [cells.name, units.name, layers.name, inputs.name, sizes.name]
        if let other = fresh.first(where: { invocation.values[$0] != nil }) {
          throw RecurrentError(.usage, "\(other) is for fresh cells: leave it out, or leave out --model")
        }
        let network = try openModel(path) { try Network(contentsOf: $0) }
        try study.add(network, name: path, reading: invocation[text])
      } else {
        if invocation[text] != nil {
          throw RecurrentError(.usage, "--text is what a --model reads; fresh cells read random numbers")
        }
        for name in listed(invocation[cells]) {
          let layer = Architecture.Layer(try cell(named: name), units: invocation[units], sizes: invocation[sizes])
          try study.add(Array(repeating: layer, count: invocation[layers]), name: name, inputs: invocation[inputs])
        }
      }
      if let path = invocation[picture] {
        try AtomicFile.write(Array(study.chart.svg().utf8), to: path)
        terminal.say("written to \(path)")
      }
      if invocation[json] { return try terminal.print(Storage.json(study.report)) }
      for line in study.lines(on: terminal.output) { try terminal.print(line) }
    }
  }
}
