import Mapping
import Support
import Tables
import Testing

struct DelayTests {
  @Test(arguments: [0, 1, 37, 900], [false, true])
  func theDelayOfARecordingIsFound(samples: Int, isInverted: Bool) {
    let (dry, wet) = guitar(8000, rate: 8000)
    let late = [Float](repeating: 0, count: samples) + wet.map { isInverted ? -$0 : $0 }
    let found = delay(of: late, after: dry, most: 4000)
    // The filter itself is a sample or two late.
    #expect(found.map { (samples...samples + 3).contains($0) } == true, "\(found ?? -1)")
  }

  @Test func silenceHasNoDelay() {
    #expect(delay(of: [0, 0, 0], after: [1, 0, 0], most: 2) == nil)
    #expect(delay(of: [1, 0, 0], after: [0, 0, 0], most: 2) == nil)
    #expect(delay(of: [], after: [], most: 2) == nil)
  }

  @Test func aPairIsAlignedAndSaidSo() throws {
    let folder = try Folder()
    let (dry, wet) = guitar(4000, rate: 8000)
    try wave(dry).write(to: folder("dry.wav"))
    try wave([Float](repeating: 0, count: 500) + wet).write(to: folder("wet.wav"))
    let pair = try AudioPair(dry: folder("dry.wav"), wet: folder("wet.wav"), delay: nil)
    #expect((500...503).contains(pair.form.delay) && pair.table.steps >= 3997)
    #expect(
      pair.sentences[0].description.hasSuffix(
        "samples late (\((Double(pair.form.delay) / 8).fixed(2)) ms), which is taken out (delay)"))
    let given = try AudioPair(dry: folder("dry.wav"), wet: folder("wet.wav"), delay: 500)
    #expect(given.form.delay == 500 && given.table.sequences[0].values == wet.map(Double.init))
    try wave(wet, rate: 44_100).write(to: folder("fast.wav"))
    #expect(throws: (any Error).self) { try AudioPair(dry: folder("dry.wav"), wet: folder("fast.wav"), delay: nil) }
    try wave([Float](repeating: 0, count: 99)).write(to: folder("silent.wav"))
    #expect(throws: (any Error).self) { try AudioPair(dry: folder("dry.wav"), wet: folder("silent.wav"), delay: nil) }
    // Two channels that are the same are one.
    let both = WaveFile(rate: 8000, channels: 2, encoding: .pcm16, samples: dry.flatMap { [$0, $0] })
    try both.write(to: folder("both.wav"))
    let mono = try AudioPair(dry: folder("both.wav"), wet: folder("wet.wav"), delay: 500)
    #expect(mono.form.inputs == 1 && mono.sentences[0].description.hasSuffix("its 2 channels are the same; one of them is taken"))
  }
}
