import CommandKit
import Networks

/// The options for layers that read both ways.
struct DirectionKeys: Sendable {
  /// That which is not the standard.
  private let other: Key<Bool>
  /// Whether layers read both ways if nobody says otherwise.
  private let isStandard: Bool
  private let merge: Key<Architecture.Merge?>

  init(_ declare: inout Declaration, isStandard: Bool = false) {
    self.isStandard = isStandard
    other =
      isStandard
      ? declare.flag("--forward", "read each sequence from its beginning only, and not from its end, too")
      : declare.flag(
        "--bidirectional", "read each sequence from its end, too, with weights of their own for that direction")
    merge = declare.choice(
      "--merge", of: Architecture.Merge.self, "what a bidirectional layer makes of its two directions (default: concatenate)")
  }

  /// Lets a command that trains on text explain why it has none of these options.
  static func refuse(_ declare: inout Declaration) {
    for name in ["--bidirectional", "--merge"] {
      declare.refuse(
        name, because: "a language model predicts the next token, which a layer that reads from the end has already seen")
    }
  }

  /// The direction that the options ask for.
  ///
  /// - Throws: ``RecurrentError`` if there is nothing to merge.
  func direction(_ invocation: Invocation) throws(RecurrentError) -> Architecture.Direction {
    if invocation[other] != isStandard { return .bidirectional(invocation[merge] ?? .concatenate) }
    if invocation[merge] != nil {
      throw RecurrentError(.usage, 
        "--merge \(isStandard ? "can't be given with --forward" : "needs --bidirectional"): one direction has nothing to merge")
    }
    return .forward
  }
}
