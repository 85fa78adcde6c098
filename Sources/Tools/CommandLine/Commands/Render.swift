import CommandKit
import Console
import Mapping
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent render`
  static let render = Command("render", "Writes what a model of an effect makes of a sound.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let source = declare.argument("IN", "the sound to read, a WAV file")
    let target = declare.argument("OUT", "the WAV file to write")
    let bits = declare.choice(
      "--bits", of: WaveFile.Encoding.self, "how samples are written, bits or 32-bit floats (default: as those of IN)")
    let json = declare.flag("--json", "print the result as JSON")
    declare.example("render runs/dry-lstm guitar.wav amp.wav", "plays a guitar through the model, and says how fast that is")
    return { invocation in
      let (path, terminal) = (invocation[model], invocation.terminal)
      let own = try openModel(path) { try SignalModel(contentsOf: $0) }
      var line: ProgressLine?
      defer { line?.clear() }
      let rendering = try own.render(invocation[source], to: invocation[target], encoding: invocation[bits]) { done, all in
        if line == nil { line = ProgressLine(total: all, things: "samples", on: terminal) }
        line?.update(done)
      }
      line?.clear()
      if rendering.clipped > 0 {
        terminal.say(
          "\(rendering.clipped.grouped) samples were too loud for whole numbers and are clipped; --bits float keeps them")
      }
      let factor = rendering.computed > 0 ? rendering.seconds / rendering.computed : 0
      if invocation[json] {
        return try terminal.print(
          Storage.json(
            Report(seconds: rendering.seconds, computed: rendering.computed, realTimeFactor: factor, clipped: rendering.clipped)))
      }
      try terminal.print(
        "\(invocation[target]): \(rendering.seconds.fixed(2)) s of sound in \(rendering.computed.fixed(2)) s on one thread, \(factor.fixed(1)) times real time"
      )
    }
  }

  private struct Report: Encodable {
    let seconds: Double
    let computed: Double
    let realTimeFactor: Double
    let clipped: Int
  }
}
