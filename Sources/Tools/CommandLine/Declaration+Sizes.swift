package import CommandKit
import TaskKit

extension Declaration {
  /// The option `--size`: values for named sizes of a cell, such as `P=64` or `P=64,C=16`.
  package mutating func sizes() -> Key<[String: Int]> {
    add(
      "--size", "P=N", "the value of a size that the cell's equations name; several are written P=N,Q=N",
      expected: "sizes such as P=64 or P=64,Q=32", defaultValue: [:], shown: nil, read: namedSizes)
  }
}
