import Engine
import Networks
import Support

extension SignalModel {
  /// What rendering a sound took.
  package struct Rendering: Sendable {
    /// The length of the sound.
    package let seconds: Double
    /// The time that a single thread took to run the model over it.
    package let computed: Double
    /// Samples that were too loud for the file's whole numbers, and were clipped.
    package let clipped: Int
    /// The rate of the sound, and the numbers of channels that were read and written.
    package let rate: Int
    package let channels: (read: Int, written: Int)
  }

  /// Writes what the model makes of a sound. A model of one channel is run over each channel by itself.
  ///
  /// - Parameters:
  ///   - source: a WAV file of the rate that was trained on.
  ///   - target: the file to write.
  ///   - encoding: how its samples are written; nil for as those of the source are.
  ///   - progress: called with the number of samples so far and of all.
  /// - Throws: ``RecurrentError`` if the model reads no sound, the source can't be read or does not fit it, or the target can't be written.
  package func render(
    _ source: String, to target: String, encoding: WaveFile.Encoding? = nil, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Rendering {
    guard let audio = description.audio else {
      throw RecurrentError(.unsuitable, "the model reads tables and no sound: `recurrent predict` gives its numbers")
    }
    let sound = try WaveFile(contentsOf: source)
    guard sound.rate == audio.rate else {
      throw RecurrentError(
        .data,
        "\(source) has \(sound.rate.grouped) samples a second, and the model was trained on \(audio.rate.grouped), at which alone it sounds "
          + "right: bring the file to that rate")
    }
    // A model of one channel stands in each of several.
    let isOfEach = audio.inputs == 1 && audio.outputs == 1
    guard isOfEach || sound.channels == audio.inputs else {
      throw RecurrentError(.data, "\(source) has \(sound.channels) channels, and the model reads \(audio.inputs)")
    }
    let written = isOfEach ? sound.channels : audio.outputs
    var samples = [Float](repeating: 0, count: sound.count * written)
    let clock = ContinuousClock()
    var computed = Duration.zero
    let weights = try StreamingNetwork(network)
    let block = 4096
    for channel in 0..<(isOfEach ? sound.channels : 1) {
      let stream = weights.stream()
      for start in stride(from: 0, to: sound.count, by: block) {
        let steps = start..<min(start + block, sound.count)
        let read =
          isOfEach
          ? steps.map { sound.samples[$0 * sound.channels + channel] }
          : Array(sound.samples[steps.lowerBound * sound.channels..<steps.upperBound * sound.channels])
        var given = [Float](repeating: 0, count: steps.count * audio.outputs)
        computed += clock.measure {
          read.withUnsafeBufferPointer { input in
            given.withUnsafeMutableBufferPointer { stream.process(input, into: $0) }
          }
        }
        for (place, step) in steps.enumerated() {
          if isOfEach {
            samples[step * written + channel] = given[place]
          } else {
            for output in 0..<written { samples[step * written + output] = given[place * written + output] }
          }
        }
        progress(channel * sound.count + steps.upperBound, sound.count * (isOfEach ? sound.channels : 1))
      }
    }
    if let place = samples.firstIndex(where: { !$0.isFinite }) {
      throw RecurrentError(
        .network,
        "the model gives no finite number at sample \(place / max(1, written) + 1) of \(source): its weights are damaged")
    }
    let file = WaveFile(rate: sound.rate, channels: written, encoding: encoding ?? sound.encoding, samples: samples)
    try file.write(to: target)
    return Rendering(
      seconds: Double(sound.count) / Double(sound.rate), computed: computed / .seconds(1), clipped: file.clipped,
      rate: sound.rate, channels: (sound.channels, written))
  }
}
