import Foundation
import Support
import Testing
import Training

@Suite struct TrainingLogTests {
  private let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID()).jsonl").path

  private func record(_ iteration: Int, loss: Double = 0.1, validation: Double? = nil) -> TrainingRecord {
    TrainingRecord(
      iteration: iteration, epoch: 1 / 3, loss: loss, validation: validation, rate: 0.002, gradientNorm: .leastNonzeroMagnitude,
      tokensPerSecond: 1e300, seconds: 0.1 + 0.2)
  }

  private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

  @Test func aLineIsPlainJSON() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let log = try TrainingLog(path: path)
    try log.append(
      TrainingRecord(
        iteration: 50, epoch: 0.5, loss: 2.25, validation: 2.5, rate: 0.002, gradientNorm: 1.5, clipped: 0.25,
        tokensPerSecond: 1000,
        seconds: 8)
    )
    #expect(
      try String(contentsOf: URL(filePath: path), encoding: .utf8) == """
        {"clipped":0.25,"epoch":0.5,"gradient_norm":1.5,"iteration":50,"loss":2.25,"rate":0.002,"seconds":8,"tokens_per_second":1000,"validation":2.5}

        """)
  }

  @Test func readsBackWhatWasWrittenWhileItIsOpen() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let log = try TrainingLog(path: path)
    #expect(try TrainingLog.records(path: path) == [])
    let records = [record(1), record(2, validation: 1 / 3), record(3, loss: .infinity, validation: -.infinity)]
    for (index, each) in records.enumerated() {
      try log.append(each)
      #expect(try TrainingLog.records(path: path) == Array(records[...index]))
    }
    try log.append(record(4, loss: .nan))
    #expect(try TrainingLog.records(path: path).last?.loss.isNaN == true)
  }

  @Test func everyCutOfTheLastLineIsLeftOutAndCutOffWhenTheTrainingGoesOn() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let log = try TrainingLog(path: path)
      try log.append(record(1))
      try log.append(record(2))
    }
    let whole = try Data(contentsOf: URL(filePath: path))
    let first = whole.count / 2
    for length in first..<whole.count {
      try whole.prefix(length).write(to: URL(filePath: path))
      #expect(try TrainingLog.records(path: path) == [record(1)])
      let log = try TrainingLog(path: path, continuingAfter: 2)
      try log.append(record(2))
      #expect(try Data(contentsOf: URL(filePath: path)) == whole)
    }
  }

  @Test func recordsThatTheTrainingWillMakeAgainAreRemoved() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let log = try TrainingLog(path: path)
      for iteration in [10, 20, 30] { try log.append(record(iteration)) }
    }
    do {
      let log = try TrainingLog(path: path, continuingAfter: 25)
      try log.append(record(30))
    }
    #expect(try TrainingLog.records(path: path).map(\.iteration) == [10, 20, 30])
    _ = try TrainingLog(path: path)
    #expect(try TrainingLog.records(path: path) == [])
  }

  @Test func refusesWhatIsNoLogAndLeavesItAsItWas() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write("{}\nmore\n")
    let error = #expect(throws: RecurrentError.self) { _ = try TrainingLog(path: path) }
    #expect(error?.description == "line 1 of the training log \(path) is not a record of training")
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "{}\nmore\n")
  }

  @Test func namesAFileThatCannotBeOpened() {
    let error = #expect(throws: RecurrentError.self) { _ = try TrainingLog(path: "/nowhere/log.jsonl") }
    #expect(error?.description == "the training log /nowhere/log.jsonl can't be opened: No such file or directory")
  }

  #if os(Linux)
    @Test func aFullDiskLeavesTheLogAsItWas() async {
      await #expect(processExitsWith: .success) {
        let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID()).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let record = TrainingRecord(iteration: 1, epoch: 0, loss: 1, rate: 1, gradientNorm: 1, tokensPerSecond: 1, seconds: 1)
        let log = try TrainingLog(path: path)
        try log.append(record)
        let before = try Data(contentsOf: URL(filePath: path))

        // Files may grow by ten bytes more: the first write comes back short, the next one fails.
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let whole = limit
        limit.rlim_cur = rlim_t(before.count + 10)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let error = #expect(throws: RecurrentError.self) { try log.append(record) }
        #expect(error?.description == "the training log \(path) can't be written: File too large")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)

        limit = whole
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        try log.append(record)
        #expect(try TrainingLog.records(path: path) == [record, record])
      }
    }
  #endif
}
