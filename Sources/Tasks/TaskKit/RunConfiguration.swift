import Storage
package import Support
package import Training

/// What a run's folder says of it.
package struct RunConfiguration<Task: LearningTask>: Codable {
  /// The release that began it.
  package let version: String
  package let kind: String
  package let threads: Int
  /// Of the data when the run began.
  package let digest: String?
  /// The recipe as it was asked for: what nobody said is missing.
  package let asked: Recipe<Task>
  /// The recipe as the training has it.
  package let resolved: Recipe<Task>
  /// Why what was not asked for is as it is.
  package let reasons: [Sentence]
}

/// What is read of any run's folder first: which task it is of.
package struct RunHeader: Decodable {
  package let threads: Int
  /// Nil of a run of the first generation.
  package let kind: String?
  /// The task of such a run.
  package let task: FirstGenerationTask?

  /// - Throws: ``RecurrentError`` if the folder has no configuration, or a damaged one.
  package init(of folder: RunFolder) throws(RecurrentError) { self = try folder.configuration(as: RunHeader.self) }
}

/// What the folder of a run of version 0.1.0 says of its task: its kind, and values that only the task knows.
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

  /// Of the data when the run began; nil of a task without data.
  package var digest: String? { try? decode(as: Digest.self).digest }

  private struct Digest: Decodable { let digest: String }
}
