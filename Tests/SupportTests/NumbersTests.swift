import Support
import Testing

struct NumbersTests {
  @Test(arguments: [
    (1.64, 3, "1.640"), (-0.5, 1, "-0.5"), (2.5, 0, "2"), (3.5, 0, "4"), (1.115, 2, "1.11"), (0.999, 2, "1.00"),
    (1e15, 1, "1000000000000000.0"), (.nan, 2, "nan"), (.infinity, 2, "inf"), (-.infinity, 2, "-inf"),
  ])
  func decimalsAreFixed(number: Double, decimals: Int, text: String) {
    #expect(number.fixed(decimals) == text)
  }

  @Test(arguments: [
    (1_000_000_003.512345678, 2e-6, "1000000003.512346"), (20_000_050, 0.5, "20000050"), (0.25, 1e-6, "0.25"), (-1e-9, 1e-6, "0"),
    (1.25e-9, 1e-15, "0.00000000125"), (3e15, 1e9, "3000000000000000"), (1.5, 0, "1.5"), (0, 0, "0"), (.infinity, 1, "inf"),
  ])
  func numbersHaveTheDigitsThatTellThemApart(number: Double, resolution: Double, text: String) {
    #expect(number.plainDigits(to: resolution) == text)
  }

  @Test func theLargestNumberFits() {
    #expect((-Double.greatestFiniteMagnitude).fixed(20).count == 1 + 309 + 1 + 20)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (-123, "-123"), (1_234_567, "1,234,567"),
    (.min, "-9,223,372,036,854,775,808"),
  ])
  func digitsAreGrouped(number: Int, text: String) {
    #expect(number.grouped == text)
  }

  @Test(
    arguments: [
      (.milliseconds(420), "0.4 s"), (.zero, "0.0 s"), (.seconds(9.94), "9.9 s"), (.seconds(12.4), "12 s"),
      (.seconds(59.6), "1 min 00 s"), (.seconds(125), "2 min 05 s"), (.seconds(3599), "59 min 59 s"),
      (.seconds(3720), "1 h 02 min"), (.seconds(3 * 86_400 + 4 * 3600), "3 d 04 h"),
    ] as [(Duration, String)])
  func timesAreBrief(time: Duration, text: String) {
    #expect(time.brief == text)
  }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "0.98 KiB"), (1536, "1.50 KiB"), (1_048_575, "1.00 MiB"), (193 << 20, "193 MiB"),
    (11 << 28, "2.75 GiB"), (.max, "8192 PiB"),
  ])
  func bytesHaveThreeDigits(bytes: Int, text: String) {
    #expect(bytes.asBytes == text)
  }

  @Test(arguments: [
    (0.0312, "0.03 steps/s"), (8.25, "8.25 steps/s"), (83.4, "83.4 steps/s"), (834, "834 steps/s"),
    (999.6, "1.00 k steps/s"), (1254, "1.25 k steps/s"), (99_960, "100 k steps/s"), (3.4e6, "3.40 M steps/s"),
    (2e9, "2.00 G steps/s"), (7e12, "7.00 T steps/s"), (7e15, "7000 T steps/s"),
  ])
  func ratesHaveThreeDigits(perSecond: Double, text: String) {
    #expect(rate(perSecond, "steps") == text)
  }
}
