// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A room of the house, on one of its floors; `above` names the rooms that it may import.
func room(
  _ name: String, on floor: String = "", above: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: above, path: "Sources/\(floor)/\(name)", swiftSettings: settings, plugins: plugins)
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
    // Ground
    room("Platform", on: "Ground"),
    room("Support", on: "Ground", above: ["Platform"]),
    room("Storage", on: "Ground", above: ["Platform", "Support"]),
    room("Markup", on: "Ground", above: ["Platform", "Support", "Storage"]),
    room("Console", on: "Ground", above: ["Platform", "Support", "Storage", "Markup"]),
    // Language
    room("CellLanguage", on: "Language", above: ["Platform", "Support", "Storage", "Markup", "Console"], plugins: ["EmbedTexts"]),
    room("CellAnalysis", on: "Language", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage"]),
    room("CellNotation", on: "Language", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis"]),
    // Compute
    room("CellCompiler", on: "Compute", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation"]),
    .target(name: "Kernels", path: "Sources/Compute/Kernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Engine", on: "Compute", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels"]),
    room("EngineLaws", on: "Compute", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine"]),
    // Learning
    room("Sequences", on: "Learning", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws"]),
    room("Networks", on: "Learning", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences"]),
    room("Models", on: "Learning", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks"]),
    room("Training", on: "Learning", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models"]),
    // Interchange
    .systemLibrary(name: "CZlib", path: "Sources/Interchange/CZlib", providers: [.apt(["zlib1g-dev"])]),
    room("TensorFiles", on: "Interchange", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib"]),
    room("ONNXFiles", on: "Interchange", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles"]),
    room("Exchange", on: "Interchange", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles"]),
    // Views
    room("ChartPictures", on: "Views", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange"]),
    room("Pages", on: "Views", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures"]),
    room("Inspector", on: "Views", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages"], plugins: ["EmbedTexts"]),
    // Tasks
    room("Tables", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector"]),
    room("TaskKit", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables"]),
    room("LanguageModels", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit"]),
    room("Problems", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels"]),
    room("Classification", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems"]),
    room("Tagging", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification"]),
    room("Forecasting", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging"]),
    room("Experiments", on: "Tasks", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting"]),
    // The products
    room("Recurrent", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments"]),
    // Tools
    room("CommandKit", on: "Tools", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "Recurrent"]),
    room("CommandLine", on: "Tools", above: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "Recurrent", "CommandKit"]),
    .executableTarget(
      name: "recurrent-tool", dependencies: ["CommandLine", "CommandKit"], path: "Sources/Tools/recurrent-tool", swiftSettings: settings),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    tests("ArchitectureTests", of: []),
    tests("CellAnalysisTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("CellLanguageTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("CellNotationTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ChartPicturesTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ClassificationTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("CommandLineTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("EngineTests", of: ["AllocationCounter", "Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ExchangeTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ExperimentsTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ForecastingTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("InspectorTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("KernelsTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ModelsTests", of: ["AllocationCounter", "Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("NetworksTests", of: ["AllocationCounter", "Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("PageTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("ProblemsTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("SequencesTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("SupportTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("TablesTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("TaggingTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
    tests("TrainingTests", of: ["Platform", "Support", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Kernels", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "CZlib", "TensorFiles", "ONNXFiles", "Exchange", "ChartPictures", "Pages", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Tagging", "Forecasting", "Experiments", "CommandKit", "CommandLine"]),
  ]
)
