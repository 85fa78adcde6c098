// A server's many streams, which share one copy of the weights and run on as many threads as there are.
import RecurrentCore

let network = try Network(input: .features(3), layers: [.init(.gru, units: 32)], output: .values(1))
let weights = try StreamingNetwork(network)
await withTaskGroup(of: Float.self) { group in
  for client in 0..<16 {
    group.addTask {
      let stream = weights.stream()  // keeps this client's states; belongs to one task at a time
      return (0..<100).reduce(0) { _, step in stream.step([Float(client), Float(step), 1])[0] }
    }
  }
  for await answer in group { print(answer) }
}
