import CellCompiler
import CellLanguage
import Networks
import Testing

/// Cells that have a matrix for each sequence, those whose weights show it with two heads, against the plain code of others.
struct MatrixCellTests {
  private static let withOneHead = ["retention", "gated-linear-attention"]

  @Test(arguments: ["mlstm", "delta-net", "gated-delta-net", "retention", "gated-linear-attention"])
  func theirOutputsAndGradientsAreOurs(name: String) throws {
    let vectors = try CellVectors(name, in: "matrices.safetensors")
    #expect(vectors.network.plans[0].heads == (Self.withOneHead.contains(name) ? 1 : 2))
    try vectors.compare("y", with: "y")
    try vectors.compare("gradient.x", with: "x")
    try vectors.compareGradientsOfParameters()
  }
}
