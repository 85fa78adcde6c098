package import Support
package import Tables
import TaskKit

/// A sound and a recording of what something made of it, as long as each other and with the delay between them taken out.
package struct AudioPair {
  package let table: StepTable
  package let form: AudioForm
  /// What was found out of the files, and done about it, in sentences.
  package let sentences: [Sentence]

  /// The most samples of delay that are looked for: half a second.
  private static func mostDelay(rate: Int) -> Int { rate / 2 }

  /// The most samples of delay that filters have by themselves: nothing is taken out for these.
  private static let ownDelay = 8

  /// - Parameters:
  ///   - delay: by how many samples the recording comes later; nil to find it out.
  ///   - known: how a model reads sound, which the files have to fit; nil if there is none.
  /// - Throws: ``RecurrentError`` if a file can't be read, or they don't go together.
  package init(dry: String, wet: String, delay asked: Int?, known: AudioForm? = nil) throws(RecurrentError) {
    let (input, output) = (try WaveFile(contentsOf: dry), try WaveFile(contentsOf: wet))
    guard input.rate == output.rate else {
      throw RecurrentError(
        .data,
        "\(dry) has \(input.rate.grouped) samples a second and \(wet) \(output.rate.grouped): bring both to one rate")
    }
    if let known, known.rate != input.rate {
      throw RecurrentError(
        .data,
        "\(dry) has \(input.rate.grouped) samples a second, and the model was trained on \(known.rate.grouped): bring the file to that rate"
      )
    }
    var sentences: [Sentence] = []
    func mono(_ file: WaveFile, _ path: String, _ expected: Int?) -> WaveFile {
      guard file.channels > 1, expected ?? 1 == 1, file.hasEqualChannels else { return file }
      sentences.append("\(path): its \(file.channels) channels are the same; one of them is taken")
      return file.firstChannel
    }
    let (x, y) = (mono(input, dry, known?.inputs), mono(output, wet, known?.outputs))
    if let known, known.inputs != x.channels || known.outputs != y.channels {
      throw RecurrentError(
        .data,
        "\(dry) and \(wet) have \(x.channels) and \(y.channels) channels, and the model reads \(known.inputs) and gives \(known.outputs)"
      )
    }
    let found = Mapping.delay(
      of: y.firstChannel.samples, after: x.firstChannel.samples, most: Self.mostDelay(rate: x.rate))
    let delay: Int
    if let asked {
      delay = asked
      sentences.append("\(wet) is taken to be \(asked.grouped) samples late (\(Setting("delay")))")
    } else {
      guard let found else {
        throw RecurrentError(.data, "\(dry) or \(wet) is silent, so there is nothing to learn")
      }
      delay = found > Self.ownDelay ? found : 0
      let milliseconds = (Double(found) / Double(x.rate) * 1000).fixed(2)
      sentences.append(
        found > Self.ownDelay
          ? "\(wet) is \(found.grouped) samples late (\(milliseconds) ms), which is taken out (\(Setting("delay")))"
          : "\(wet) is \(found.grouped) samples late, which may be its own doing, and is left in (\(Setting("delay")))")
    }
    let count = min(x.count, y.count - delay)
    guard count > 1 else {
      throw RecurrentError(.data, "\(wet) has no samples left after a delay of \(delay.grouped)")
    }
    if abs(x.count - (y.count - delay)) > x.rate {
      sentences.append(
        "\(dry) has \(x.count.grouped) samples and \(wet) \(y.count.grouped): the first \(count.grouped) of both are used")
    }
    form = AudioForm(rate: x.rate, inputs: x.channels, outputs: y.channels, delay: delay)
    table = StepTable(
      samples: Array(x.samples.prefix(count * x.channels)), columns: form.inputNames,
      values: Array(y.samples[(delay * y.channels)..<((delay + count) * y.channels)]), outputs: form.outputNames,
      source: "\(dry) and \(wet)")
    self.sentences = sentences
  }
}

/// How a network reads sound and gives it.
package struct AudioForm: Sendable, Hashable, Codable {
  /// Samples of a channel a second.
  package let rate: Int
  /// Channels that are read, and that are given.
  package let inputs: Int
  package let outputs: Int
  /// By how many samples what was learned came late, which was taken out.
  package let delay: Int

  package init(rate: Int, inputs: Int, outputs: Int, delay: Int) {
    self.rate = rate
    self.inputs = inputs
    self.outputs = outputs
    self.delay = delay
  }

  var inputNames: [String] { Self.names("in", inputs) }
  var outputNames: [String] { Self.names("out", outputs) }

  private static func names(_ name: String, _ count: Int) -> [String] {
    count == 1 ? [name] : (1...max(1, count)).map { "\(name) \($0)" }
  }
}

extension WaveFile {
  /// Whether all channels have the same samples.
  var hasEqualChannels: Bool {
    samples.indices.allSatisfy { samples[$0] == samples[$0 - $0 % channels] }
  }

  /// The first channel alone.
  var firstChannel: WaveFile {
    channels == 1
      ? self
      : WaveFile(
        rate: rate, channels: 1, encoding: encoding,
        samples: stride(from: 0, to: samples.count, by: channels).map { samples[$0] })
  }
}
