import CellLanguage
import Engine
import Networks
import Support
import Testing

/// States that come from elsewhere, such as from another network.
struct GivenStateTests {
  /// A stream that takes over another one's states gives what that one gives from there on.
  @Test func aStreamGoesOnFromTheStatesOfAnother() throws {
    let network = try Network(
      input: .features(1), layers: [.init(.lstm, units: 3), .init(.gru, units: 2)], output: .values(2), seed: 4)
    let (first, second) = (try network.stream(), try network.stream())
    for value: Float in [1, -0.5, 0.25] { first.step(value) }
    for (layer, count) in [(0, 2), (1, 1)] {
      for state in 0..<count { second.setState(state, ofLayer: layer, to: first.state(state, ofLayer: layer)) }
    }
    for value: Float in [0.75, -1, 0.5] { #expect(second.step(value) == first.step(value)) }
  }

  /// A network that describes what another one's vector stands for begins with that vector.
  @Test func theFirstStepDependsOnTheVector() throws {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 2)], output: .values(1), seed: 2)
    let stream = try network.stream()
    let plain = stream.step(0.5)
    stream.reset()
    stream.setState(0, ofLayer: 0, to: [0.9, -0.9])
    #expect(stream.step(0.5) != plain)
    stream.reset()
    #expect(stream.step(0.5) == plain)
  }
}
