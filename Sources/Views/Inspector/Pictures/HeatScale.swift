import Platform

/// The colours of a quantity's values in a picture.
///
/// Zero is the paper's colour; what has a sign goes to orange above zero and to blue below, what has none to ink. Values are drawn in a few
/// strengths, each of which is one path.
struct HeatScale {
  private static let count = 16
  private let quantity: InspectionReport.Quantity
  private let isSigned: Bool
  private let size: Double
  /// States may grow without bound: the colour follows tanh.
  private let isSquashed: Bool

  init(_ quantity: InspectionReport.Quantity) {
    self.quantity = quantity
    isSigned = quantity.low < 0
    size = Double(max(abs(quantity.low), abs(quantity.high)))
    isSquashed = isSigned && size > 1.2
  }

  /// What the colours mean.
  var legend: String { isSquashed ? "colours follow tanh; full at ±2 and beyond" : "full colour at \(size.brief)" }

  /// For each stored number its strength: 1 to 16, below zero for negative ones, 0 for what is not drawn.
  var levels: [Int] { (0...65535).map { level(of: UInt16($0)) } }

  private var missing: Int { Self.count + 1 }

  private func level(of stored: UInt16) -> Int {
    guard let value = quantity.value(of: stored) else { return missing }
    let place = isSquashed ? tanh(Double(value)) : size > 0 ? Double(value) / size : 0
    return Int((place * Double(Self.count)).rounded())
  }

  /// Draws cells of one strength.
  ///
  /// - Parameters:
  ///   - path: along the middle of the cells.
  ///   - height: of a cell.
  func draw(_ path: String, _ level: Int, height: Double, in drawing: inout Drawing) {
    let strength = level == missing ? 1 : Double(abs(level)) / Double(Self.count)
    let colour = level == missing ? "missing" : !isSigned ? "unsigned" : level > 0 ? "above" : "below"
    drawing.path(
      path,
      "class=\"\(colour)\" stroke-opacity=\"\(strength.brief)\" stroke-width=\"\(height.brief)\" shape-rendering=\"crispEdges\"")
  }
}
