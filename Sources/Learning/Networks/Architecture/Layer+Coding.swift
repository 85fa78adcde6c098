import CellLanguage
import Support

extension Architecture.Layer: Codable {
  private enum CodingKeys: CodingKey {
    case name, reads, cell, units, sizes, direction, merge, reverseCell, learnsInitialStates
  }

  /// A layer as a model file says it: its cells as the text of their equations, and what it reads as a text, too.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = decoder.codingPath.map { $0.intValue.map { "layer \($0)" } ?? "" }.last ?? "the layer"
    let word = try container.decodeIfPresent(String.self, forKey: .direction)
    let merge = try container.decodeIfPresent(String.self, forKey: .merge)
    let reverse = try container.decodeIfPresent(String.self, forKey: .reverseCell)
    let direction: Architecture.Direction
    switch (word, merge.flatMap(Architecture.Merge.init), reverse) {
    case (nil, nil, nil) where merge == nil: direction = .forward
    case ("reverse", nil, nil) where merge == nil: direction = .reverse
    case ("bidirectional", let merge?, let text):
      direction = .bidirectional(merge, reverse: try text.map { try Cell(parsing: $0, file: "\(name), reverse") })
    default:
      throw RecurrentError(
        .network,
        "the direction of \(name) must be `reverse`, or `bidirectional` with one of the merges "
          + Architecture.Merge.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.init(
      try Cell(parsing: try container.decode(String.self, forKey: .cell), file: name),
      units: try container.decode(Int.self, forKey: .units), sizes: try container.decode([String: Int].self, forKey: .sizes),
      direction: direction, learnsInitialStates: try container.decodeIfPresent(Bool.self, forKey: .learnsInitialStates) ?? false,
      name: try container.decodeIfPresent(String.self, forKey: .name),
      reads: try container.decodeIfPresent(String.self, forKey: .reads).map {
        try Architecture.Reading(parsing: $0, file: "what \(name) reads")
      })
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(reads?.text, forKey: .reads)
    try container.encode(cell.description, forKey: .cell)
    try container.encode(units, forKey: .units)
    try container.encode(sizes, forKey: .sizes)
    if learnsInitialStates { try container.encode(true, forKey: .learnsInitialStates) }
    switch direction {
    case .forward: break
    case .reverse: try container.encode("reverse", forKey: .direction)
    case .bidirectional(let merge, let reverse):
      try container.encode("bidirectional", forKey: .direction)
      try container.encode(merge.rawValue, forKey: .merge)
      try container.encodeIfPresent(reverse?.description, forKey: .reverseCell)
    }
  }
}
