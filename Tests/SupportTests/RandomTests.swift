import Support
import Testing

struct RandomTests {
  /// Computed by hand in another language.
  @Test func theSequenceOfASeedNeverChanges() {
    var random = Random(seed: 1)
    #expect((0..<3).map { _ in random.next() } == [0xd9bb_e05a_bb38_80e9, 0xdf18_862a_835b_f72a, 0x59d1_e66b_7eb7_2fff])
  }

  /// The first numbers that the authors' own program gives for the state 1, 2, 3, 4.
  @Test func theGeneratorIsTheAuthors() throws {
    var random = try #require(Random((1...4).map { String(repeating: "0", count: 15) + "\($0)" }.joined()))
    #expect((0..<4).map { _ in random.next() } == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
  }

  @Test func theStateIsTheText() throws {
    var random = Random(seed: 42, stream: 3)
    _ = random.normal()
    var again = try #require(Random(random.description))
    #expect(again == random)
    #expect((0..<100).map { _ in again.next() } == (0..<100).map { _ in random.next() })
  }

  @Test(arguments: [
    "", "0", String(repeating: "0", count: 64), String(repeating: "g", count: 64), "+" + String(repeating: "1", count: 63),
  ])
  func aTextThatIsNoStateIsRefused(text: String) { #expect(Random(text) == nil) }

  @Test func seedsAndStreamsDiffer() {
    let states = Set((0..<50).flatMap { seed in (0..<50).map { Random(seed: seed, stream: $0) } })
    #expect(states.count == 2500)
  }

  /// With n draws the mean of a distribution of variance v is off by less than 5 √(v / n) in all but one seed of a million.
  @Test func momentsAreThoseOfTheDistributions() {
    var random = Random(seed: 7)
    let count = 100_000
    let uniform = (0..<count).map { _ in random.uniform() }
    let normal = (0..<count).map { _ in random.normal() }
    let bound = 5 / Double(count).squareRoot()
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(count) }
    #expect(abs(mean(uniform) - 0.5) < bound * (1.0 / 12).squareRoot())
    #expect(abs(mean(normal)) < bound)
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < bound * 2.0.squareRoot())
    #expect(abs(mean(normal.map { $0 * $0 * $0 * $0 }) - 3) < bound * 96.0.squareRoot())
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    #expect((0..<count).allSatisfy { _ in (0..<1).contains(random.uniformFloat()) })
  }

  /// A count with probability p deviates from n p by less than 5 √(n p) in all but one seed of a million.
  @Test func everyIntegerAndEveryOrderIsEquallyLikely() {
    var random = Random(seed: 3)
    var counts = [Int: Int]()
    for _ in 0..<60_000 { counts[random.integer(in: -2..<4), default: 0] += 1 }
    #expect(counts.keys.sorted() == [-2, -1, 0, 1, 2, 3])
    #expect(counts.values.allSatisfy { abs($0 - 10_000) < 500 })
    var orders = [[Int]: Int]()
    for _ in 0..<60_000 {
      var order = [1, 2, 3]
      random.shuffle(&order)
      orders[order, default: 0] += 1
    }
    #expect(orders.count == 6)
    #expect(orders.values.allSatisfy { abs($0 - 10_000) < 500 })
  }
}
