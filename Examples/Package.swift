// swift-tools-version: 6.2
import PackageDescription

// Each folder of Sources is a program. `swift run --package-path Examples write-text` builds the library, too, which takes some minutes
// the first time. `script/check-examples` runs them all against what has been built already.

let settings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func example(_ name: String, _ product: String = "Recurrent") -> Target {
  .executableTarget(name: name, dependencies: [.product(name: product, package: "recurrent")], swiftSettings: settings)
}

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "recurrent", path: "..")],
  targets: [
    example("write-text"), example("label-sequences"), example("forecast-table"), example("tag-words"),
    example("translate-texts"), example("own-cell"),
    example("own-network"), example("after-a-source"), example("compare-cells"), example("import-weights"),
    example("watch-gates"),
    example("serve-streams", "RecurrentCore"),
    example("audio-stream", "RecurrentCore"),
  ]
)
