import CommandLine
import Foundation
import Testing

/// What was held out stands on the page of a training.
struct HeldOutPageTests {
  @Test func aClassifiersPageHasItsMistakesAndExamples() throws {
    let shop = try Workshop()
    try shop.write(
      (0..<60).map {
        "\($0 % 2 == 0 ? "the ship left port \($0 % 7)" : "prices of grain fell \($0 % 5)")\t\($0 % 2 == 0 ? "sea" : "trade")\n"
      }
      .joined(), "news.tsv")
    let trained = shop.run(
      "train classify $/news.tsv --units 6 --iterations 40 --validate-every 10 --threads 1 --seed 3 --output $/run")
    #expect(trained.code == 0, "\(trained.messages)")
    let page = String(decoding: try shop.read("run/report.html"), as: UTF8.self)
    #expect(page.contains("<h2>What was held out</h2>") && page.contains("given:") && page.contains("precision"))
    #expect(page.contains("<h2>Examples</h2>"))
    #expect(page.contains("the ship left port") || page.contains("prices of grain fell"))
  }
}
