/// A key that no type of keys has: a place in an array, or a name from the data.
struct JSONKey: CodingKey {
  /// Where a class keeps what its superclass encodes.
  static let `super` = JSONKey(stringValue: "super")

  let stringValue: String
  let intValue: Int?

  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }

  init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }

  init(index: Int) { (stringValue, intValue) = ("Index \(index)", index) }
}
