import Engine
import Foundation
import Networks
import Sequences
import Support

/// Grades in their order, such as 1 to 5 stars: for each grade but the last the probability of a higher one (Frank & Hall 2001, A
/// simple approach to ordinal classification). A head that no file of the package knows.
struct OrdinalHead: OutputHead {
  let grades: Int

  static let keys: (required: Set<String>, optional: Set<String>) = (["grades"], [])
  static let title = "grades"

  var outputs: Int? { grades - 1 }
  var function: HeadFunction { .special("grades in their order") }
  var unit: LossUnit { LossUnit("nats", digits: (3, 3), per: .step) }

  func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    guard case .classes(let classes) = targets, classes.count == rows else { return "the batch has no grade for each row" }
    return classes.first { Int($0) >= grades }.map { "the target is grade \($0); there are \(grades), counted from 0" }
  }

  /// The binary cross-entropy of each question whether the grade is higher.
  func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    guard case .classes(let classes) = targets else { return .nan }
    var total = 0.0
    for (place, row) in rows.enumerated() {
      for grade in 0..<width {
        let output = outputs + place * width + grade
        let (logit, isHigher) = (Double(output.pointee), Int(classes[row]) > grade)
        if classes[row] >= 0 { total += log(1 + exp(isHigher ? -logit : logit)) }
        let gradient = 1 / (1 + exp(-logit)) - (isHigher ? 1 : 0)
        output.pointee = classes[row] < 0 ? 0 : Float(gradient) * terms.scale
      }
    }
    return total
  }

  func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) {
    for place in 0..<rows * width { outputs[place] = 1 / (1 + exp(-outputs[place])) }
  }

  /// The grade in the middle, which moves all probabilities.
  func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    .classes(rows.map { $0 == nil ? -1 : Int32(grades / 2) })
  }
}
