import Exchange
import Foundation
import Networks
import Testing

/// Layers of RTNeural's that are not recurrent.
extension GuitarTests {
  /// Layers that are nothing but a function, slopes, norms and convolutions over one step, as Keras's arrays have them.
  @Test func layersWithoutAMemoryAreRead() throws {
    let shape: [Any] = [NSNull(), NSNull(), 2]
    let slopes = [0.25, -0.5]
    let (gain, bias, mean, variance) = ([1.5, -0.7], [0.1, 0.2], [0.05, -0.1], [0.3, 0.9])
    var model = Self.rtneural([:], inputs: 2)
    let layers = try #require(model["layers"] as? [[String: Any]])
    model["in_shape"] = [NSNull(), NSNull(), 1]
    let convolution = Self.matrix(1, 2, seed: 31)
    let below: [[String: Any]] = [
      [
        "type": "conv1d", "activation": "", "shape": shape, "kernel_size": [1], "dilation": [2], "groups": 1,
        "weights": [[convolution], [0.1, -0.1]],
      ],
      ["type": "prelu", "activation": "", "shape": shape, "weights": [[slopes]]],
    ]
    let above: [[String: Any]] = [
      ["type": "activation", "activation": "relu", "shape": shape, "weights": [[Double]]()],
      ["type": "batchnorm", "activation": "", "shape": shape, "epsilon": 0.001, "weights": [gain, bias, mean, variance]],
      ["type": "batchnorm", "activation": "", "shape": shape, "epsilon": 0.01, "weights": [mean, variance]],
      ["type": "prelu", "activation": "", "shape": shape, "weights": [[[0.125]]]],
    ]
    model["layers"] = below + [layers[0]] + above + [layers[1]]
    let x = Self.matrix(6, 1, seed: 9)
    let read = x.map { row in
      (0..<2).map { place -> Double in
        let sum = row[0] * convolution[0][place] + (place == 0 ? 0.1 : -0.1)
        return sum > 0 ? sum : slopes[place] * sum
      }
    }
    let (w, u) = (Self.matrix(2, 8, seed: 1), Self.matrix(2, 8, seed: 2))
    func turned(_ rows: [[Double]]) -> [[Double]] { rows[0].indices.map { column in rows.map { $0[column] } } }
    let states = Self.lstm(read, input: turned(w), recurrent: turned(u), bias: Self.numbers(8, seed: 3), h: [0, 0], c: [0, 0])
    let (matrix, shift) = (Self.matrix(2, 1, seed: 4), Self.numbers(1, seed: 5))
    let expected = states.map { state -> Double in
      let own = state.indices.map { place -> Double in
        var value = max(state[place], 0)
        value = (value - mean[place]) / (variance[place] + 0.001).squareRoot() * gain[place] + bias[place]
        value = (value - mean[place]) / (variance[place] + 0.01).squareRoot()
        return value > 0 ? value : 0.125 * value
      }
      return own[0] * matrix[0][0] + own[1] * matrix[1][0] + shift[0]
    }
    try Self.expectSame(Self.network(Self.file(model)), x, expected)
  }

  @Test(arguments: [
    (#"{"type": "conv1d", "weights": [[[[1]], [[2]]], [0]], "kernel_size": [2]}"#, "layer 0 is a convolution over several steps"),
    (#"{"type": "batchnorm", "weights": [[1], [2]]}"#, "does not have what its type needs: epsilon, gain"),
    (#"{"type": "batchnorm", "epsilon": 0.001, "weights": [[1], [2], [3]]}"#, "does not have what its type needs: epsilon, gain"),
    (#"{"type": "maxpooling", "weights": []}"#, "layer 0 is a layer of the type maxpooling"),
  ])
  func otherLayersOfRTNeuralAreNamed(layer: String, message: String) throws {
    var model = Self.rtneural([:])
    let below = try Self.keys(layer).merging(["activation": "", "shape": [NSNull(), NSNull(), 1]]) { own, _ in own }
    model["layers"] = [below] + (try #require(model["layers"] as? [[String: Any]]))
    let refusal = try #require(try Self.refusal(model))
    #expect(refusal.contains(message), "\(refusal)")
  }
}
