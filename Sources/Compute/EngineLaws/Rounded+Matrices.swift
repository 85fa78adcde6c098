import CellLanguage

extension Rounded {
  /// A product of matrices, which is linear in both factors: the errors of each are multiplied by the other, and what is added up is
  /// rounded as any sum.
  static func product(_ product: MatrixProduct, _ a: Rounded, _ b: Rounded) -> Rounded {
    let sizes = (a.values.map(abs), b.values.map(abs))
    let inherited = zip(product.value(a.errors, sizes.1), product.value(sizes.0, b.errors)).map { $0 + $1 }
    var result = Rounded(product.value(a.values, b.values), inherited: inherited)
    result.magnitudes = product.value(sizes.0, sizes.1)
    result.additions = Double(product.terms(a.count, b.count)) + 1
    return result
  }

  /// The gradients of the factors of a product of matrices, given that of the product.
  static func gradients(of product: MatrixProduct, _ a: Rounded, _ b: Rounded, _ dy: Rounded) -> (a: Rounded, b: Rounded) {
    let values = product.gradients(a.values, b.values, dy.values)
    let (left, right, above) = (a.values.map(abs), b.values.map(abs), dy.values.map(abs))
    let magnitudes = product.gradients(left, right, above)
    let carried = product.gradients(left, right, dy.errors)
    // The gradient of each factor has the other one's errors in it.
    let own = (product.gradients(left, b.errors, above).a, product.gradients(a.errors, right, above).b)
    func rounded(_ values: [Double], _ magnitudes: [Double], _ errors: [Double]) -> Rounded {
      var result = Rounded(values, inherited: errors)
      result.magnitudes = magnitudes
      // As many products are added up as the other two have elements for each of its own.
      result.additions = Double(max(a.count, b.count, dy.count) / max(1, values.count)) + 1
      return result
    }
    return (
      rounded(values.a, magnitudes.a, zip(carried.a, own.0).map { $0 + $1 }),
      rounded(values.b, magnitudes.b, zip(carried.b, own.1).map { $0 + $1 })
    )
  }
}
