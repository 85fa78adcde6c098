// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A room of the house; `above` names the rooms that it may import.
func room(_ name: String, above: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []) -> Target {
  .target(name: name, dependencies: above, swiftSettings: settings, plugins: plugins)
}

func tests(_ name: String, of rooms: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: rooms, swiftSettings: settings)
}

let package = Package(
  name: "Recurrent",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .executable(name: "recurrent", targets: ["recurrent-tool"]),
  ],
  targets: [
    .executableTarget(name: "embed-texts", path: "Plugins/embed-texts", swiftSettings: settings),
    .plugin(name: "EmbedTexts", capability: .buildTool, dependencies: ["embed-texts"]),
    room("CellLanguage", plugins: ["EmbedTexts"]),
    room("Pictures", above: ["CellLanguage"]),
    room("CellCompiler", above: ["CellLanguage"]),
    .target(name: "Kernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Engine", above: ["CellLanguage", "CellCompiler", "Kernels"]),
    room("Sequences", above: ["Engine"]),
    room("Networks", above: ["CellLanguage", "CellCompiler", "Engine", "Sequences"]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    room("ModelFiles", above: ["CZlib", "CellLanguage", "Sequences", "Networks"]),
    room("Tables", above: ["Sequences", "ModelFiles"]),
    room("Exchange", above: ["CellLanguage", "CellCompiler", "Engine", "Sequences", "Networks", "ModelFiles"]),
    room("Training", above: ["CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles", "Tables"]),
    room("Forecasting", above: ["Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Training"]),
    room("Labelling", above: ["CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Training"]),
    room(
      "Inspector",
      above: ["CellLanguage", "Pictures", "CellCompiler", "Engine", "Sequences", "Networks", "ModelFiles", "Training"],
      plugins: ["EmbedTexts"]),
    room("Comparison", above: ["Pictures", "Engine", "ModelFiles", "Training", "Inspector"]),
    room(
      "Recurrent",
      above: [
        "CellLanguage", "Pictures", "CellCompiler", "Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Exchange",
        "Training", "Forecasting", "Labelling", "Inspector", "Comparison",
      ]),
    room(
      "CommandLine",
      above: [
        "CellLanguage", "Pictures", "CellCompiler", "Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Exchange",
        "Training", "Forecasting", "Labelling", "Inspector", "Comparison",
      ]),
    .executableTarget(name: "recurrent-tool", dependencies: ["CommandLine"], swiftSettings: settings),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    tests("ArchitectureTests", of: []),
    tests("CellLanguageTests", of: ["CellLanguage"]),
    tests("PicturesTests", of: ["CellLanguage", "Pictures"]),
    tests("KernelsTests", of: ["CellLanguage", "Kernels"]),
    tests("EngineTests", of: ["AllocationCounter", "CellLanguage", "CellCompiler", "Kernels", "Engine"]),
    tests("SequencesTests", of: ["Engine", "Sequences"]),
    tests("NetworksTests", of: ["AllocationCounter", "CellLanguage", "CellCompiler", "Engine", "Sequences", "Networks"]),
    tests("ModelFilesTests", of: ["AllocationCounter", "CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles"]),
    tests("TablesTests", of: ["Sequences", "ModelFiles", "Tables"]),
    tests("ExchangeTests", of: ["CellLanguage", "CellCompiler", "Engine", "Sequences", "Networks", "ModelFiles", "Exchange"]),
    tests(
      "TrainingTests", of: ["CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles", "Training"]),
    tests(
      "ForecastingTests",
      of: ["CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Training", "Forecasting"]),
    tests(
      "LabellingTests",
      of: ["CellLanguage", "Engine", "Sequences", "Networks", "ModelFiles", "Tables", "Training", "Labelling"]),
    tests(
      "InspectorTests",
      of: ["CellLanguage", "Pictures", "Engine", "Sequences", "Networks", "ModelFiles", "Training", "Inspector"]),
    tests("ComparisonTests", of: ["Pictures", "Engine", "ModelFiles", "Training", "Inspector", "Comparison"]),
    tests("PageTests", of: ["CellLanguage", "Engine", "Sequences", "Networks", "Inspector"]),
    tests("CommandLineTests", of: ["CellLanguage", "Pictures", "Engine", "ModelFiles", "Exchange", "Comparison", "CommandLine"]),
  ]
)
