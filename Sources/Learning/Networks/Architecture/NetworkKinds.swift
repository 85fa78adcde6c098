import Support

/// The kinds of inputs and outputs that a model file may have, each with its line. A value, so that a test can read files with
/// kinds of its own.
package struct NetworkKinds: Sendable {
  package var inputs: [any InputEncoding.Type]
  package var heads: [any OutputHead.Type]

  package init(inputs: [any InputEncoding.Type], heads: [any OutputHead.Type]) {
    self.inputs = inputs
    self.heads = heads
  }

  package static let builtIn = NetworkKinds(
    inputs: [TokensInput.self, FeaturesInput.self, NamedFeaturesInput.self, VectorsInput.self, WordInput.self],
    heads: [ClassesHead.self, CRFHead.self, CTCHead.self, ValuesHead.self, DistributionHead.self, LastLayerHead.self])
}

extension CodingUserInfoKey {
  /// Under which a decoder of networks has its ``NetworkKinds``; those that are built in without.
  package static let networkKinds: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "networkKinds") else { fatalError("a decoder refuses the key networkKinds") }
    return key
  }()
}

extension Decoder {
  fileprivate var kinds: NetworkKinds { userInfo[.networkKinds] as? NetworkKinds ?? .builtIn }

  /// The place among some kinds, each with the keys that it must and may have, of the one that is there.
  ///
  /// - Parameter what: `input`, for messages.
  fileprivate func place(
    among kinds: [(keys: (required: Set<String>, optional: Set<String>), title: String)], of what: String
  ) throws -> Int {
    let container = try container(keyedBy: AnyKey.self)
    let known = kinds.reduce(into: Set<String>()) { $0.formUnion($1.keys.required.union($1.keys.optional)) }
    let there = known.filter { container.contains(AnyKey($0)) }
    let fitting = kinds.indices.filter {
      kinds[$0].keys.required.isSubset(of: there) && there.isSubset(of: kinds[$0].keys.required.union(kinds[$0].keys.optional))
    }
    if fitting.count == 1 { return fitting[0] }
    let titles = kinds.map(\.title)
    throw RecurrentError(
      .network, "the \(what) must be either \(titles.dropLast().joined(separator: ", ")) or \(titles[titles.count - 1])")
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Architecture.Input: Codable {
  public init(from decoder: any Decoder) throws {
    let kinds = decoder.kinds.inputs
    let place = try decoder.place(among: kinds.map { ($0.keys, $0.title) }, of: "input")
    self.init(try kinds[place].init(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws { try encoding.encode(to: encoder) }
}

extension Architecture.Output: Codable {
  public init(from decoder: any Decoder) throws {
    let kinds = decoder.kinds.heads
    let place = try decoder.place(among: kinds.map { ($0.keys, $0.title) }, of: "output")
    self.init(try kinds[place].init(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws { try head.encode(to: encoder) }
}
