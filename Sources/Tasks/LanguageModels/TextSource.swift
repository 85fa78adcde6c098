package import Sequences
import Training

/// Batches of a text for truncated backpropagation: windows that follow each other.
package struct TextSource: BatchSource {
  package let windows: TextWindows

  package init(_ windows: TextWindows) { self.windows = windows }

  package func batch(at iteration: Int) -> Batch { windows.batch(at: iteration) }
  package func continues(at iteration: Int) -> Bool { windows.continues(at: iteration) }
  package var iterationsPerEpoch: Int? { windows.windowsPerEpoch }
  package var stepsPerBatch: Int { windows.stepsPerWindow }
}
