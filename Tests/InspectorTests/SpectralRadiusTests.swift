import Foundation
import Inspector
import Support
import Testing

struct SpectralRadiusTests {
  /// The QR iteration gives the eigenvalues of a matrix that is off by about n · ε of its norm; for those that are not close to a
  /// multiple one, and these matrices are of norm 5 at most, so are the eigenvalues.
  private let bound = 1e-12

  @Test func aPairOfComplexEigenvaluesCounts() throws {
    let (c, s) = (0.9 * cos(1.0), 0.9 * sin(1.0))
    let radius = try #require(SpectralRadius.of([c, -s, s, c], size: 2))
    #expect(abs(radius - 0.9) < bound)
  }

  @Test(arguments: [[2.0, -1, 0.5, 3], [1, 2, 3, -4, 0.25], [0.5]])
  func theRootsOfAPolynomialAreFound(roots: [Double]) throws {
    // The companion matrix of the polynomial with these roots.
    let coefficients = roots.reduce([1.0]) { polynomial, root in
      zip(polynomial + [0], [0] + polynomial).map { $0 - root * $1 }
    }
    let size = roots.count
    var matrix = [Double](repeating: 0, count: size * size)
    for column in 0..<size { matrix[column] = -coefficients[column + 1] }
    for row in 1..<max(1, size) { matrix[row * size + row - 1] = 1 }
    let radius = try #require(SpectralRadius.of(matrix, size: size))
    #expect(abs(radius - (roots.map(abs).max() ?? 0)) < bound * 100)
  }

  @Test(arguments: [1, 2, 3, 5, 17, 64])
  func aRotationInManyDimensionsHasRadiusOne(size: Int) throws {
    // A product of reflections along random vectors.
    var random = Random(seed: UInt64(size))
    var matrix = (0..<size * size).map { $0 / size == $0 % size ? 1.0 : 0 }
    for _ in 0..<size {
      let v = (0..<size).map { _ in random.uniformFloat() - 0.5 }.map(Double.init)
      let square = v.reduce(0) { $0 + $1 * $1 }
      for column in 0..<size {
        let dot = (0..<size).reduce(0) { $0 + v[$1] * matrix[$1 * size + column] }
        for row in 0..<size { matrix[row * size + column] -= 2 * v[row] * dot / square }
      }
    }
    let scaled = matrix.map { 1.5 * $0 }
    let radius = try #require(SpectralRadius.of(scaled, size: size))
    #expect(abs(radius - 1.5) < bound * Double(size))
  }

  @Test func whatVanishesInTheEndHasNone() throws {
    // Strictly triangular.
    let radius = try #require(SpectralRadius.of([0, 5, 7, 0, 0, 3, 0, 0, 0], size: 3))
    #expect(radius == 0)
    #expect(SpectralRadius.of([.nan], size: 1) == nil)
  }
}
