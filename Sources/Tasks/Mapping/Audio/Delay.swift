import Platform
import Support

/// By how many samples a recording comes after the sound that it was made from: the shift at which both resemble each other most,
/// whichever way round the recording has been put.
///
/// - Parameters:
///   - most: the largest delay, in samples.
/// - Returns: nil if one of them is silent.
package func delay(of wet: [Float], after dry: [Float], most: Int) -> Int? {
  // As much as shows the delay is enough: the part around the loudest sample.
  let count = min(dry.count, wet.count)
  guard count > 0, let loudest = dry.indices.prefix(count).max(by: { abs(dry[$0]) < abs(dry[$1]) }), dry[loudest] != 0 else {
    return nil
  }
  let length = min(count, max(4 * most, 1 << 16))
  let start = max(0, min(loudest - length / 2, count - length))
  var size = 1
  while size < 2 * (length + most) { size *= 2 }
  func spectrum(_ samples: [Float], from start: Int, count: Int) -> Spectrum {
    var spectrum = Spectrum(zeros: size)
    for place in 0..<min(count, samples.count - start) { spectrum.real[place] = Double(samples[start + place]) }
    spectrum.transform()
    return spectrum
  }
  var product = spectrum(dry, from: start, count: length)
  let other = spectrum(wet, from: start, count: length + most)
  for place in 0..<size {
    let (a, b) = (product.real[place], -product.imaginary[place])
    let (c, d) = (other.real[place], other.imaginary[place])
    (product.real[place], product.imaginary[place]) = (a * c - b * d, -(a * d + b * c))
  }
  // The transform of the conjugate is the conjugate of the inverse, times the size.
  product.transform()
  let best = (0...most).max { abs(product.real[$0]) < abs(product.real[$1]) } ?? 0
  return product.real[best] == 0 ? nil : best
}

/// Complex numbers that are transformed in place.
private struct Spectrum {
  var real: [Double]
  var imaginary: [Double]

  /// - Parameter size: a power of 2.
  init(zeros size: Int) {
    real = [Double](repeating: 0, count: size)
    imaginary = real
  }

  /// The discrete Fourier transform (Cooley & Tukey 1965).
  mutating func transform() {
    let count = real.count
    var reversed = 0
    for place in 1..<max(1, count) {
      var bit = count >> 1
      while reversed & bit != 0 {
        reversed ^= bit
        bit >>= 1
      }
      reversed |= bit
      if place < reversed {
        real.swapAt(place, reversed)
        imaginary.swapAt(place, reversed)
      }
    }
    var half = 1
    while half < count {
      for offset in 0..<half {
        let angle = -Double.pi * Double(offset) / Double(half)
        let (cosine, sine) = (cos(angle), sin(angle))
        for low in stride(from: offset, to: count, by: 2 * half) {
          let high = low + half
          let (a, b) = (real[high] * cosine - imaginary[high] * sine, real[high] * sine + imaginary[high] * cosine)
          (real[high], imaginary[high]) = (real[low] - a, imaginary[low] - b)
          (real[low], imaginary[low]) = (real[low] + a, imaginary[low] + b)
        }
      }
      half *= 2
    }
  }
}
