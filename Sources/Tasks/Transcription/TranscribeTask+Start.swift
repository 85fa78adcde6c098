package import Networks
import Support
package import TaskKit
import Models

extension TranscribeTask {
  package static func settings(
    of model: StartModel, in recipe: Recipe<TranscribeTask>
  ) throws -> ModelSettings<TranscribeTask> {
    let architecture = model.network.architecture
    guard architecture.features != nil, architecture.readout == .everyStep else {
      throw RecurrentError(
        .unsuitable,
        "\(model.title) does not read numbers and give something at each step, as a transcriber does: it can't be the start")
    }
    return ModelSettings(TranscribeTask())
  }

  package static func names(of network: Network) -> NetworkNames {
    guard let description = try? TranscriptionDescription(of: network, path: "") else { return NetworkNames(called: "symbols") }
    return NetworkNames(outputs: [""] + description.symbols, called: "symbols")
  }
}
