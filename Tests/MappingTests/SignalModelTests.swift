import Engine
import Mapping
import Networks
import Support
import Tables
import TaskKit
import Testing

struct SignalModelTests {
  private func trained(_ iterations: Int, _ change: (inout Recipe<MapTask>) -> Void = { _ in }) throws -> SignalModel {
    let data = (0..<6).map { tank(120, seed: UInt64($0)) }
    return try SignalModel.train(
      on: data.map { $0.input.map { [$0] } }, outputs: data.map { $0.output.map { [$0] } },
      configure: { recipe in
        (recipe.network.units, recipe.training.batch, recipe.training.iterations) = (8, 6, iterations)
        (recipe.training.learningRate, recipe.task.window) = (0.02, 20)
        change(&recipe)
      })
  }

  @Test func aSystemIsLearnedInItsOwnUnits() throws {
    let model = try trained(300)
    let (input, output) = tank(100, seed: 50)
    let given = try model.outputs(for: input.map { [$0] }).map { $0[0] }
    var scores = MapScores(outputs: ["level"])
    // The states settle from where every sequence begins.
    scores.add(found: given.dropFirst(10).map(Double.init), targets: output.dropFirst(10).map(Double.init))
    #expect(scores.explained > 0.95, "\(scores.explained)")
    #expect(model.inputNames == ["input"] && model.outputNames == ["output"] && model.sampleRate == nil)
  }

  @Test func aStreamGivesWhatTheWholeSequenceGives() throws {
    let model = try trained(10)
    let input = tank(40, seed: 8).input
    let stream = try model.stream()
    for (number, whole) in zip(input, try model.outputs(for: input.map { [$0] })) {
      let own = try stream.step([number])[0]
      #expect(abs(own - whole[0]) < 1e-4)
    }
    #expect(throws: RecurrentError.self) { try stream.step([1, 2] as [Float]) }
    #expect(throws: RecurrentError.self) { try stream.step([Float.nan]) }
  }

  /// A step with nothing to learn is read all the same.
  @Test func missingOutputsAreNotScored() throws {
    let (input, output) = tank(60, seed: 1)
    var values = output.map { [$0] }
    for step in stride(from: 0, to: 60, by: 3) { values[step] = [.nan] }
    let model = try SignalModel.train(on: [input.map { [$0] }], outputs: [values]) { _ in
    } configure: {
      ($0.network.units, $0.training.iterations) = (4, 3)
    }
    #expect(model.network.parameters.allSatisfy { $0.isFinite })
    let same: [[[Float]]] = [[[3], [3]]]
    #expect(throws: RecurrentError.self) { try SignalModel.train(on: [[[1], [2]]], outputs: same) }
    let short: [[[Float]]] = [[[3]]]
    #expect(throws: RecurrentError.self) { try SignalModel.train(on: [[[1], [2]]], outputs: short) }
  }

  @Test func anEffectIsLearnedAndRendered() throws {
    let folder = try Folder()
    let (dry, wet) = guitar(16_000, rate: 8000)
    try wave(dry).write(to: folder("dry.wav"))
    try wave([Float](repeating: 0, count: 60) + wet).write(to: folder("wet.wav"))
    let model = try SignalModel.train(contentsOf: folder("dry.wav"), folder: folder("run")) { _ in
    } configure: { recipe in
      recipe.task.target = [folder("wet.wav")]
      (recipe.task.window, recipe.network.units, recipe.training.iterations) = (64, 8, 200)
      (recipe.training.learningRate, recipe.training.batch) = (0.01, 16)
    }
    #expect(model.sampleRate == 8000)
    let audio = try #require(model.description.audio)
    #expect((60...63).contains(audio.delay) && audio.inputs == 1)
    let pair = try AudioPair(dry: folder("dry.wav"), wet: folder("wet.wav"), delay: nil, known: audio)
    let scores = try model.scores(pair.table, machine: Machine(threads: 1))
    #expect(scores.errorToSignal < 0.1, "\(scores.errorToSignal)")
    let rendering = try model.render(folder("dry.wav"), to: folder("out.wav"))
    let out = try WaveFile(contentsOf: folder("out.wav"))
    #expect(rendering.seconds == 2 && rendering.computed > 0 && rendering.clipped == 0)
    #expect(out.rate == 8000 && out.encoding == .float32 && out.count == 16_000)
    let whole = try model.outputs(for: dry.map { [$0] })
    #expect(zip(out.samples, whole).allSatisfy { abs($0 - $1[0]) < 1e-5 })
    // A model of one channel stands in each of two.
    let both = WaveFile(rate: 8000, channels: 2, encoding: .pcm16, samples: dry.prefix(500).flatMap { [$0, 0] })
    try both.write(to: folder("both.wav"))
    _ = try model.render(folder("both.wav"), to: folder("two.wav"), encoding: .pcm24)
    let two = try WaveFile(contentsOf: folder("two.wav"))
    #expect(two.channels == 2 && two.encoding == .pcm24 && abs(two.samples[800] - out.samples[400]) < 1e-3)
    try wave(dry, rate: 44_100).write(to: folder("fast.wav"))
    #expect(throws: RecurrentError.self) { try model.render(folder("fast.wav"), to: folder("x.wav")) }
    // The run goes on from its folder.
    let longer = try SignalModel.train(resuming: folder("run"))
    #expect(longer.network.parameters == model.network.parameters)
  }
}
