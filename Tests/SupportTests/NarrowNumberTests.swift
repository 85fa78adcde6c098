import Support
import Testing

struct NarrowNumberTests {
  /// Every half but those that are no number, denormals, zeros and infinities among them.
  @Test func everyHalfComesBack() {
    let bad = (0...UInt16.max).first { bits in
      let number = Float(half: bits)
      return !number.isNaN && number.half != bits
    }
    #expect(bad == nil)
    #expect(Float(half: Float.nan.half).isNaN)
  }

  @Test(
    arguments: [
      (1 + 0x1p-11, 1), (1 + 0x1.8p-10, 1 + 0x1p-9), (1 + 0x1.1p-11, 1 + 0x1p-10), (-0.1, -0x1.998p-4),
      (65504, 65504), (0x1.ffdffep15, 65504), (65520, .infinity), (-1e30, -.infinity),
      (0x1p-24, 0x1p-24), (0x1p-25, 0), (0x1.8p-24, 0x1p-23), (0x1.000002p-25, 0x1p-24), (1e-30, 0), (-.leastNonzeroMagnitude, 0),
      (0x1.ffbp-15, 0x1.ff8p-15), (0x1.ffcp-15, 0x1p-14), (0x1.004p-14, 0x1.004p-14),
    ] as [(Float, Float)])
  func halvesAreTheNearestNumbers(number: Float, nearest: Float) {
    #expect(Float(half: number.half) == nearest)
    #expect(number.half >> 15 == (number.sign == .minus ? 1 : 0))
  }

  @Test func everyBfloatComesBack() {
    let bad = (0...UInt16.max).first { bits in
      let number = Float(bfloat: bits)
      return !number.isNaN && number.bfloat != bits
    }
    #expect(bad == nil)
    #expect(Float(bfloat: Float.nan.bfloat).isNaN && Float(bfloat: Float(bitPattern: 0x7f80_0001).bfloat).isNaN)
  }

  @Test(
    arguments: [
      (1 + 0x1p-8, 1), (1 + 0x1.8p-7, 1 + 0x1p-6), (1 + 0x1.02p-8, 1 + 0x1p-7), (0x1.fep127, 0x1.fep127),
      (0x1.fefffep127, 0x1.fep127), (.greatestFiniteMagnitude, .infinity), (0x1p-133, 0x1p-133), (0x1p-134, 0),
      (0x1.8p-133, 0x1p-132), (-0x1.01p-126, -0x1p-126),
    ] as [(Float, Float)])
  func bfloatsAreTheNearestNumbers(number: Float, nearest: Float) { #expect(Float(bfloat: number.bfloat) == nearest) }
}
