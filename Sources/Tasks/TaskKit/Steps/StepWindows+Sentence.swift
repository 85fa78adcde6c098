package import Support

extension StepWindows {
  /// How sequences are cut for training, in a sentence.
  package func sentence(_ cut: StepCut) -> Sentence {
    let parts = "\(count.grouped) \(count == 1 ? "part" : "parts")"
    return cut.readsInReverse
      ? "\(parts) of up to \(cut.window.grouped) steps are trained on, each by itself, with \(cut.context.grouped) steps to read on both sides (\(Setting("window")), \(Setting("context")))"
      : "\(parts) are trained on side by side in windows of \(cut.window.grouped) steps, with states carried from one to the next (\(Setting("window")))"
  }
}
