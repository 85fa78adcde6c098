import Storage
package import Support
package import Training

/// The description of a run in its folder.
package struct RunConfiguration<Task: LearningTask>: Codable {
  /// The version of the program that began it.
  package let version: String
  package let kind: String
  package let threads: Int
  /// The digest of the data when the run began.
  package let digest: String?
  /// The recipe as it was asked for, without what was left open.
  package let asked: Recipe<Task>
  /// The recipe with everything that was chosen.
  package let resolved: Recipe<Task>
  /// The reasons for what was chosen.
  package let reasons: [Sentence]
}

/// The part of a run's description that says for which task it is.
package struct RunHeader: Decodable {
  package let threads: Int
  /// The kind of the task; nil for a run of the first generation.
  package let kind: String?
  /// The task of a run of the first generation.
  package let task: FirstGenerationTask?

  /// - Throws: ``RecurrentError`` if the folder has no configuration, or a damaged one.
  package init(of folder: RunFolder) throws(RecurrentError) { self = try folder.configuration(as: RunHeader.self) }
}

/// The task of a run of version 0.1.0 as its folder describes it: its kind, and values that only the task can read.
package struct FirstGenerationTask: Decodable {
  package let kind: String
  private let values: KeyedDecodingContainer<Key>

  /// Any name.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "it names no task"))
    }
    kind = key.stringValue
    values = try container.nestedContainer(keyedBy: Key.self, forKey: key)
  }

  /// The values, as the task reads them.
  package func decode<Values: Decodable>(as type: Values.Type) throws -> Values {
    try values.decode(type, forKey: Key(stringValue: "_0"))
  }

  /// The digest of the data when the run began; nil for a task without data.
  package var digest: String? { try? decode(as: Digest.self).digest }

  private struct Digest: Decodable { let digest: String }
}
