import Support
import Testing

struct RandomStreamTests {
  /// The first draw for each purpose with the seed 42, by the formulas that stood where the numbers are drawn before the purposes
  /// had names, evaluated in another language. A run that an older version began goes on with these.
  static let firstDraws: [(purpose: RandomStream, index: Int, draw: UInt64)] = [
    (.weights, 0, 0xfb30_792e_88d0_bd2c),
    (.iteration, 3, 0xd558_371c_27f1_1c32),
    (.gradientDirection, 0, 0xfb30_792e_88d0_bd2c),
    (.problemBatch, 3, 0xd558_371c_27f1_1c32),
    (.unknownWords, 3, 0xd558_371c_27f1_1c32),
    (.windowOrder, 3, 0xd558_371c_27f1_1c32),
    (.sequenceOrder, 3, 0xd558_371c_27f1_1c32),
    (.generatedText, 0, 0xfb30_792e_88d0_bd2c),
    (.forecastPaths, 3, 0xd558_371c_27f1_1c32),
    (.searchTrial, 3, 0xd558_371c_27f1_1c32),
    (.lawTrial, 0, 0xfb30_792e_88d0_bd2c),
    (.benchmark, 0, 0xfb30_792e_88d0_bd2c),
    (.studiedInputs, 0, 0x01c6_41d2_010a_c393),
    (.heldOutSentences, 0, 0xaa70_a443_e8f0_e373),
    (.heldOutTranscripts, 0, 0xaa70_a443_e8f0_e373),
    (.transcriptionOrder, 3, 0xa8e8_6dac_d97f_e32f),
    (.heldOutPairs, 0, 0xaa70_a443_e8f0_e373),
    (.pairOrder, 3, 0xa8e8_6dac_d97f_e32f),
    (.heldOutProblemBatch, 3, 0xa8e8_6dac_d97f_e32f),
    (.windowPlaces, 3, 0xa8e8_6dac_d97f_e32f),
    (.heldOutSequences, 3, 0xa8e8_6dac_d97f_e32f),
    (.sentenceBatchOrder, 3, 0xa8e8_6dac_d97f_e32f),
    (.demonstration, 3, 0xa8e8_6dac_d97f_e32f),
    (.dropout, RandomStream.rowIndex(place: 1, step: 2, sequence: 3), 0x59d6_faeb_46c1_fe06),
    (.recurrentDropout, RandomStream.rowIndex(place: 1, step: 2, sequence: 3), 0x52c7_c506_23e1_8715),
    (.weightDrop, 0, 0xd4bc_4bd8_189c_f2ec),
    (.embeddingDropout, 0, 0xa834_fe80_941e_0c23),
    (.zoneout, RandomStream.rowIndex(place: 1, step: 2, sequence: 3), 0x6da8_777f_22d6_f7fa),
    (.encoder, 0, 0xef52_7dba_22ab_ccb0),
    (.sentenceOrder, 3, 0xd558_371c_27f1_1c32),
  ]

  @Test(arguments: firstDraws)
  func whatAPurposeDrawsNeverChanges(purpose: RandomStream, index: Int, draw: UInt64) {
    var random = Random(purpose, index, seed: 42)
    #expect(random.next() == draw)
  }

  @Test func eachPurposeIsHeldToItsDraw() {
    #expect(Self.firstDraws.map(\.purpose) == RandomStream.allCases)
  }

  /// Whether two purposes may draw with the same seed in one piece of work; laws are checked without any training.
  private func meet(_ one: RandomStream, _ other: RandomStream) -> Bool {
    func isIn(_ work: RandomStream.Work, _ purpose: RandomStream) -> Bool {
      purpose.work == work || purpose.work == .training && work != .laws
    }
    return one.seed == other.seed && (isIn(one.work, other) || isIn(other.work, one))
  }

  @Test func noTwoPurposesThatMeetShareAStream() {
    let all = RandomStream.allCases
    for (place, one) in all.enumerated() {
      for other in all[(place + 1)...] where meet(one, other) && one.numbers.overlaps(other.numbers) {
        let isOld = RandomStream.countsFromZero.contains(one) && RandomStream.countsFromZero.contains(other)
        #expect(isOld, "\(one) and \(other) draw the same numbers: give the newer one numbers of its own")
      }
    }
  }

  /// What was so in the first generation stays so, and nothing joins it.
  @Test func noNewPurposeCountsFromZero() {
    let old: Set<RandomStream> = [
      .weights, .iteration, .gradientDirection, .problemBatch, .unknownWords, .windowOrder, .sequenceOrder, .generatedText,
      .forecastPaths, .searchTrial, .studiedInputs, .benchmark,
    ]
    #expect(RandomStream.countsFromZero == old)
  }

  /// What is held out or drawn for an iteration never has the seed of what is trained on.
  @Test func theComplementIsTakenOfTheSeed() {
    for purpose in RandomStream.allCases {
      let first = purpose.numbers.lowerBound
      #expect(Random(purpose, seed: 7) == Random(seed: purpose.seed == .complement ? ~7 : 7, stream: first))
    }
  }

  @Test func eachRowOfEachMaskHasAStreamOfItsOwn() {
    var indices: Set<Int> = []
    for place in [0, 1, 1 << 16 - 1] {
      for step in [0, 1, 1 << 24 - 1] {
        for sequence in [0, 1, 1 << 20 - 1] {
          indices.insert(RandomStream.rowIndex(place: place, step: step, sequence: sequence))
        }
      }
    }
    #expect(indices.count == 27)
    #expect(indices.allSatisfy { RandomStream.zoneout.numbers.contains(1 << 62 + UInt64($0)) })
  }
}
