// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// For what only the command and the tests are made of, and computes little itself: optimizing takes four times as long as all the rest of
/// compiling. SwiftPM lets no package depend on a library with such flags, so no room of a library has them.
let unoptimized = settings + [.unsafeFlags(["-Onone"])]

/// A room of the house, on one of its floors; `above` names the rooms that it may import.
func room(
  _ name: String, on floor: String = "", above: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: above, path: "Sources/\(floor)/\(name)",
    swiftSettings: floor == "Tools" ? unoptimized : settings, plugins: plugins)
}

/// - Parameter compute: whether the tests themselves go through many numbers.
func tests(_ name: String, of rooms: [Target.Dependency], compute: Bool = false) -> Target {
  .testTarget(name: name, dependencies: rooms, swiftSettings: compute ? settings : unoptimized)
}

let package = Package(
  name: "Recurrent",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .visionOS(.v2), .watchOS(.v11)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "RecurrentCore", targets: ["RecurrentCore"]),
    .executable(name: "recurrent", targets: ["recurrent-tool"]),
  ],
  targets: [
    .executableTarget(name: "embed-texts", path: "Plugins/embed-texts", swiftSettings: settings),
    .plugin(name: "EmbedTexts", capability: .buildTool, dependencies: ["embed-texts"]),
    // Ground
    room("Platform", on: "Ground"),
    room("Support", on: "Ground", above: ["Platform"]),
    room("Processes", on: "Ground", above: ["Platform", "Support"]),
    room("Storage", on: "Ground", above: ["Platform", "Support"]),
    room("Markup", on: "Ground", above: ["Support"]),
    room("Console", on: "Ground", above: ["Platform", "Support", "Storage"]),
    // Language
    room("CellLanguage", on: "Language", above: ["Platform", "Support"], plugins: ["EmbedTexts"]),
    room("CellAnalysis", on: "Language", above: ["Support", "CellLanguage"]),
    room("CellNotation", on: "Language", above: ["Markup", "CellLanguage", "CellAnalysis"]),
    // Compute
    room("CellCompiler", on: "Compute", above: ["Support", "CellLanguage"]),
    .target(name: "Kernels", path: "Sources/Compute/Kernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Engine", on: "Compute", above: ["Platform", "Support", "CellLanguage", "CellAnalysis", "CellCompiler", "Kernels"]),
    room("EngineLaws", on: "Compute", above: ["Support", "CellLanguage", "CellCompiler", "Engine"]),
    // Learning
    room("Sequences", on: "Learning", above: ["Platform", "Support", "Engine"]),
    room("Networks", on: "Learning", above: ["Platform", "Support", "CellLanguage", "CellCompiler", "Engine", "Sequences"]),
    room("Models", on: "Learning", above: ["Support", "Storage", "CellLanguage", "Engine", "Sequences", "Networks"]),
    room(
      "Training", on: "Learning",
      above: [
        "Platform", "Support", "Processes", "Storage", "CellLanguage", "CellAnalysis", "Engine", "Sequences", "Networks",
        "Models",
      ]),
    // Interchange
    .systemLibrary(name: "CZlib", path: "Sources/Interchange/CZlib", providers: [.apt(["zlib1g-dev"])]),
    room("Compression", on: "Interchange", above: ["Support", "Storage", "CZlib"]),
    room("TensorFiles", on: "Interchange", above: ["Support", "Storage", "Models", "CZlib", "Compression"]),
    room("ONNXFiles", on: "Interchange", above: ["Support", "Storage", "TensorFiles"]),
    room(
      "Exchange", on: "Interchange",
      above: [
        "Platform", "Support", "Storage", "CellLanguage", "CellAnalysis", "CellCompiler", "Engine", "Sequences", "Networks",
        "Models", "TensorFiles", "ONNXFiles",
      ]),
    // Views
    room("ChartPictures", on: "Views", above: ["Platform", "Support", "Markup"]),
    room("Pages", on: "Views", above: ["Support", "Markup", "Networks", "Training", "ChartPictures"]),
    room(
      "Inspector", on: "Views",
      above: [
        "Platform", "Support", "Storage", "Markup", "CellLanguage", "CellAnalysis", "CellCompiler", "Engine", "Sequences",
        "Networks", "Models", "ChartPictures",
      ], plugins: ["EmbedTexts"]),
    // Tasks
    room("Tables", on: "Tasks", above: ["Platform", "Support", "Storage", "Compression"]),
    room(
      "TaskKit", on: "Tasks",
      above: [
        "Platform", "Support", "Processes", "Storage", "Markup", "Console", "CellLanguage", "CellCompiler", "Engine", "Sequences",
        "Networks", "Models", "Training", "Compression", "ChartPictures", "Pages", "Inspector", "Tables",
      ]),
    room(
      "LanguageModels", on: "Tasks",
      above: [
        "Platform", "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "Inspector",
        "TaskKit",
      ]),
    room(
      "Problems", on: "Tasks",
      above: ["Platform", "Support", "Engine", "Sequences", "Networks", "Models", "Training", "Inspector", "TaskKit"]),
    room(
      "Classification", on: "Tasks",
      above: [
        "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "Pages", "Inspector", "Tables",
        "TaskKit",
      ]),
    room(
      "Labelling", on: "Tasks",
      above: [
        "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "Pages", "Inspector", "Tables",
        "TaskKit", "Classification",
      ]),
    room(
      "Mapping", on: "Tasks",
      above: [
        "Platform", "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "Inspector",
        "Tables", "TaskKit",
      ]),
    room(
      "Tagging", on: "Tasks",
      above: [
        "Support", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "Pages",
        "Inspector",
        "Tables", "TaskKit",
      ]),
    room(
      "Transcription", on: "Tasks",
      above: [
        "Platform", "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "TensorFiles",
        "Inspector", "Tables", "TaskKit",
      ]),
    room(
      "Translating", on: "Tasks",
      above: [
        "Platform", "Support", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training",
        "Inspector", "Tables", "TaskKit",
      ]),
    room(
      "Forecasting", on: "Tasks",
      above: [
        "Platform", "Support", "Storage", "Console", "Engine", "Sequences", "Networks", "Models", "Training", "ChartPictures",
        "Inspector", "Tables", "TaskKit",
      ]),
    room(
      "Experiments", on: "Tasks",
      above: [
        "Platform", "Support", "Processes", "Storage", "Markup", "CellLanguage", "Engine", "Networks", "Models", "Training",
        "ChartPictures", "Pages", "Inspector", "TaskKit",
      ]),
    // Bindings
    room("CSource", on: "Bindings", above: ["Support", "CellLanguage", "CellCompiler", "Engine", "Networks"]),
    .systemLibrary(name: "CRecurrent", path: "Sources/Bindings/CRecurrent"),
    room(
      "CInterface", on: "Bindings",
      above: [
        "Platform", "Support", "CellLanguage", "CellAnalysis", "CellCompiler", "Engine", "EngineLaws", "Sequences", "Networks",
        "Models", "CRecurrent",
      ]),
    // The products
    room("RecurrentCore", above: ["Support", "CellLanguage", "Engine", "Sequences", "Networks", "Models"]),
    room(
      "Recurrent",
      above: [
        "Support", "CellLanguage", "CellAnalysis", "CellNotation", "Engine", "Sequences", "Networks", "Models", "Training",
        "TensorFiles", "Exchange", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Classification", "Labelling",
        "Mapping", "Tagging", "Transcription", "Translating", "Forecasting", "Experiments", "CSource",
      ]),
    // Tools
    room("CommandKit", on: "Tools", above: ["Platform", "Support", "Console"]),
    room(
      "CommandLine", on: "Tools",
      above: [
        "Platform", "Support", "Processes", "Storage", "Markup", "Console", "CellLanguage", "CellAnalysis", "CellNotation",
        "CellCompiler", "Engine", "EngineLaws", "Sequences", "Networks", "Models", "Training", "TensorFiles", "ONNXFiles",
        "Exchange",
        "ChartPictures", "Inspector", "Tables", "TaskKit", "LanguageModels", "Problems", "Mapping", "Transcription",
        "Translating", "Forecasting", "Experiments", "CSource", "Recurrent", "CommandKit",
      ]),
    .executableTarget(
      name: "recurrent-tool", dependencies: ["Platform", "Console", "CommandLine", "CommandKit"],
      path: "Sources/Tools/recurrent-tool",
      swiftSettings: unoptimized),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    tests("ArchitectureTests", of: []),
    tests(
      "CInterfaceTests",
      of: [
        "AllocationCounter", "CellLanguage", "CellCompiler", "Engine", "Sequences", "Networks", "Models", "CRecurrent",
        "CInterface",
      ], compute: true),
    tests("CellAnalysisTests", of: ["CellLanguage", "CellAnalysis"]),
    tests("CellCompilerTests", of: ["CellLanguage", "CellCompiler"]),
    tests("CellLanguageTests", of: ["Support", "CellLanguage"], compute: true),
    tests("CellNotationTests", of: ["Markup", "CellLanguage", "CellAnalysis", "CellNotation", "ChartPictures"]),
    tests("ChartPicturesTests", of: ["Markup", "ChartPictures"]),
    tests(
      "ClassificationTests",
      of: [
        "Support", "Storage", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "Tables", "TaskKit",
        "Classification", "Tagging",
      ]),
    tests(
      "CommandLineTests",
      of: [
        "Support", "Storage", "Console", "CellLanguage", "CellAnalysis", "CellNotation", "CellCompiler", "Engine", "Models",
        "TaskKit", "CommandKit", "CommandLine",
      ]),
    tests(
      "CSourceTests",
      of: ["Support", "CellLanguage", "CellCompiler", "Engine", "EngineLaws", "Sequences", "Networks", "CSource"]),
    tests(
      "EngineTests",
      of: ["AllocationCounter", "Support", "CellLanguage", "CellAnalysis", "CellCompiler", "Kernels", "Engine", "EngineLaws"],
      compute: true),
    tests(
      "ExchangeTests",
      of: [
        "Support", "Storage", "CellLanguage", "CellCompiler", "Engine", "Sequences", "Networks", "Models", "TensorFiles",
        "ONNXFiles", "Exchange",
      ]),
    tests(
      "ExperimentsTests",
      of: [
        "Support", "Processes", "Storage", "Markup", "Engine", "Training", "ChartPictures", "Pages", "Inspector", "TaskKit",
        "LanguageModels", "Problems", "Classification", "Experiments",
      ]),
    tests(
      "ForecastingTests",
      of: [
        "Support", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "Tables",
        "TaskKit", "Forecasting",
      ]),
    tests(
      "InspectorTests",
      of: [
        "Support", "CellLanguage", "CellAnalysis", "Engine", "Sequences", "Networks", "Training", "ChartPictures", "Pages",
        "Inspector", "LanguageModels", "Problems",
      ], compute: true),
    tests("KernelsTests", of: ["Platform", "CellLanguage", "Kernels"], compute: true),
    tests(
      "LabellingTests", of: ["Support", "Engine", "Sequences", "Networks", "Tables", "TaskKit", "Classification", "Labelling"]),
    tests("MappingTests", of: ["Support", "Engine", "Networks", "Tables", "TaskKit", "Mapping"]),
    tests(
      "ModelsTests",
      of: ["AllocationCounter", "Support", "Storage", "CellLanguage", "Engine", "Sequences", "Networks", "Models"], compute: true),
    tests(
      "NetworksTests",
      of: [
        "AllocationCounter", "Support", "CellLanguage", "CellCompiler", "Engine", "EngineLaws", "Sequences", "Networks", "Models",
      ],
      compute: true),
    tests("PageTests", of: ["CellLanguage", "Engine", "Sequences", "Networks", "Inspector"], compute: true),
    tests("ProcessesTests", of: ["Support", "Processes"]),
    tests("ProblemsTests", of: ["Support", "Engine", "Sequences", "Problems"], compute: true),
    tests("SequencesTests", of: ["Support", "Engine", "Sequences"]),
    tests("StorageTests", of: ["Support", "Storage"]),
    tests("SupportTests", of: ["Support"]),
    tests("TablesTests", of: ["Support", "Storage", "Sequences", "Tables"]),
    tests(
      "TaggingTests",
      of: [
        "Support", "Storage", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "Tables", "TaskKit",
        "Classification", "Tagging",
      ]),
    tests(
      "TranscriptionTests",
      of: [
        "Support", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "TensorFiles",
        "Tables", "TaskKit", "Transcription",
      ]),
    tests(
      "TranslatingTests",
      of: [
        "Support", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training", "Tables",
        "TaskKit", "Translating",
      ], compute: true),
    tests(
      "TaskKitTests",
      of: [
        "Support", "Processes", "Storage", "Console", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training",
        "Exchange", "Inspector", "TaskKit", "Recurrent", "CommandKit", "CommandLine",
      ]),
    tests(
      "TrainingTests",
      of: [
        "Support", "Processes", "Storage", "CellLanguage", "Engine", "Sequences", "Networks", "Models", "Training",
        "LanguageModels",
        "Problems",
      ], compute: true),
  ]
)
