import Kernels
import Testing

/// An instruction set that this machine can run.
struct Level: CustomTestStringConvertible, Sendable {
  let index: Int32
  let name: String

  static let all: [Level] = (0..<rk_level_count()).compactMap { index in
    rk_level(index).map { Level(index: index, name: String(cString: $0.pointee.name)) }
  }

  var testDescription: String { name }

  /// The level's table. Every level of ``all`` has one.
  func withKernels<Result>(_ body: (rk_kernels) throws -> Result) throws -> Result {
    try body(try #require(rk_level(index)).pointee)
  }
}

/// Floats aligned to a cache line, with margins on both sides that nothing may write.
final class Memory {
  private static let margin = 32
  private static let untouched: UInt32 = 0x7fc0_dead

  let count: Int
  private let whole: UnsafeMutableBufferPointer<Float>
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = (count + 2 * Memory.margin) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    whole = raw.bindMemory(to: Float.self)
    whole.initialize(repeating: Float(bitPattern: Memory.untouched))
    base = whole.baseAddress.unsafelyUnwrapped + Memory.margin
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (i, value) in values.enumerated() { base[i] = value }
  }

  deinit { whole.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Whether neither margin nor any place inside that `isWritten` excludes has been written.
  func isUntouched(except isWritten: (Int) -> Bool = { _ in true }) -> Bool {
    (-Memory.margin..<count + Memory.margin).allSatisfy { i in
      (0..<count).contains(i) && isWritten(i) || base[i].bitPattern == Memory.untouched
    }
  }
}

/// A small generator, so that a test's numbers are the same on every run.
struct Numbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &+ 0x9e37_79b9_7f4a_7c15 }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var mixed = state ^ (state >> 33)
    mixed = mixed &* 0xff51_afd7_ed55_8ccd
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }

  /// Between -1 and 1.
  mutating func next() -> Float { Float(Int32(bitPattern: bits())) * 0x1p-31 }

  mutating func array(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in next() * scale } }
}

/// Half the distance from 1 to the next Float: the relative error of one rounding.
let roundoff = 0x1p-24

/// How far `value` is from `exact` in units in the last place of the exact result.
///
/// Below the smallest normal number the unit stays that of the smallest normal number, which is the distance between
/// two denormals: no number can be nearer. Infinity counts as the power of two after the largest number, where the
/// same roundings would have led.
func unitsInTheLastPlace(_ value: Float, from exact: Double) -> Double {
  let nearest = Float(exact)
  if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
  if value == nearest && exact.isInfinite { return 0 }
  let limit = 0x1p128
  let wide = value.isInfinite ? (value > 0 ? limit : -limit) : Double(value)
  let bounded = max(-limit, min(limit, exact))
  let unit = nearest.isInfinite ? 0x1p104 : Double(max(nearest.magnitude, .leastNormalMagnitude).ulp)
  return abs(wide - bounded) / unit
}
