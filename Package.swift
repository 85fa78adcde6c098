// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A room of the house; `above` names the rooms that it may import.
func room(_ name: String, above: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: above, resources: resources, swiftSettings: settings)
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
    room("CellLanguage", resources: [.embedInCode("Library")]),
    .target(name: "Kernels"),
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    room("ModelFiles"),
    room("Training"),
    room("Recurrent", above: ["CellLanguage"]),
    room("CommandLine", above: ["ModelFiles"]),
    .executableTarget(name: "recurrent-tool", dependencies: ["CommandLine"], swiftSettings: settings),
    tests("ArchitectureTests", of: []),
    tests("ModelFilesTests", of: ["ModelFiles"]),
    tests("TrainingTests", of: ["Training"]),
    tests("CommandLineTests", of: ["CommandLine"]),
  ]
)
