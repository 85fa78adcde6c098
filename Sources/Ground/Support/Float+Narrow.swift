// Numbers of 16 bits as bit patterns. Swift's own Float16 is missing on some processors, and there is no BFloat16.
extension Float {
  /// The number that 16 bits of IEEE 754's half precision are.
  package init(half bits: UInt16) {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-14
      case 31: fraction == 0 ? .infinity : .nan
      default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }

  /// The nearest number of half precision, of two that are equally near the one with an even last bit; infinite from 65,520 on.
  package var half: UInt16 {
    let sign = UInt16(bitPattern >> 16) & 0x8000
    let magnitude = self.magnitude
    if isNaN { return sign | 0x7e00 }
    if magnitude >= 65520 { return sign | 0x7c00 }
    // Below the least normal number, halves are the multiples of 2⁻²⁴; what is rounded up to the least normal number has its bits.
    if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
    let bits = magnitude.bitPattern
    return sign | UInt16((bits - (112 << 23) + 0xfff + (bits >> 13 & 1)) >> 13)
  }

  /// The number whose upper 16 bits are `bits` and whose lower ones are zero.
  package init(bfloat bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }

  /// The upper 16 bits of the nearest number whose lower ones are zero, of two that are equally near the one with an even last
  /// bit; infinite where that is nearer than the largest finite one.
  package var bfloat: UInt16 {
    if isNaN { return UInt16(bitPattern >> 16) | 0x40 }
    return UInt16((UInt64(bitPattern) + 0x7fff + UInt64(bitPattern >> 16 & 1)) >> 16)
  }
}
