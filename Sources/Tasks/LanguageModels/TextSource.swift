public import Sequences
public import Training

/// Batches of a text for truncated backpropagation: windows that follow each other.
public struct TextSource: BatchSource {
  package let windows: TextWindows

  package init(_ windows: TextWindows) { self.windows = windows }

  public func batch(at iteration: Int) -> Batch { windows.batch(at: iteration) }
  public func continues(at iteration: Int) -> Bool { windows.continues(at: iteration) }
  public var iterationsPerEpoch: Int? { windows.windowsPerEpoch }
  public var stepsPerBatch: Int { windows.stepsPerWindow }
}
