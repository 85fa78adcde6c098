import Foundation

/// Chromium without a window, told what to do by its DevTools protocol over a pair of pipes.
///
/// Every call waits for its answer, and gives up after half a minute without a word from the browser.
final class Browser {
  /// Where Chromium is, if it is installed.
  static let executable: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome"]
    return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// All that the page wrote to its console, and all that went wrong in it.
  private(set) var messages: [String] = []

  private let folder: URL
  private let process = Process()
  private let commands: Int32
  private let answers: Int32
  private var received: [UInt8] = []
  private var calls = 0
  private var session: String?

  init() throws {
    guard let executable = Browser.executable else { throw Failure(description: "Chromium is not installed") }
    folder = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let pipes = [folder.appending(path: "commands").path, folder.appending(path: "answers").path]
    for pipe in pipes where mkfifo(pipe, 0o600) != 0 { throw Failure(description: "can't make the pipe \(pipe)") }
    process.executableURL = URL(filePath: "/bin/sh")
    // The browser reads its file 3 and writes its file 4. It shows our own pages only: it needs no sandbox, which root can't have.
    process.arguments =
      ["-c", "exec 3<\"$1\" 4>\"$2\"; shift 2; exec \"$@\"", "sh"] + pipes + [
        executable, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--hide-scrollbars", "--user-data-dir=\(folder.appending(path: "profile").path)", "about:blank",
      ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    signal(SIGPIPE, SIG_IGN)
    commands = Foundation.open(pipes[0], O_WRONLY)
    answers = Foundation.open(pipes[1], O_RDONLY)
    let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
    session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log"] { _ = try call("\(domain).enable") }
  }

  deinit {
    _ = try? call("Browser.close")
    process.waitUntilExit()
    close(commands)
    close(answers)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Shows a page in a window of `width` by 900 pixels.
  func open(_ html: [UInt8], width: Int = 1280, dark: Bool = false, media: String = "screen") throws {
    _ = try call(
      "Emulation.setDeviceMetricsOverride", ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
    let scheme = ["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]
    _ = try call("Emulation.setEmulatedMedia", ["media": media, "features": [scheme]])
    let file = folder.appending(path: "page.html")
    try Data(html).write(to: file)
    _ = try call("Page.navigate", ["url": file.absoluteString])
    while try value("String(document.readyState === 'complete' && location.protocol === 'file:')") != "true" {}
    try settle()
  }

  /// Waits until the page has drawn what is to be drawn.
  func settle() throws {
    _ = try value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(''), 20))))")
  }

  /// The value of an expression of JavaScript that is a text.
  func value(_ expression: String) throws -> String {
    let answer = try call(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    guard let result = answer["result"] as? [String: Any], let text = result["value"] as? String else {
      throw Failure(description: "\(expression) gave \(answer)")
    }
    return text
  }

  func number(_ expression: String) throws -> Double { Double(try value("String(\(expression))")) ?? .nan }

  /// The text of the first element that a selector finds.
  func text(_ selector: String) throws -> String {
    try value("document.querySelector(`\(selector)`)?.innerText ?? 'nothing there'")
  }

  func movePointer(to place: (x: Double, y: Double)) throws {
    _ = try call("Input.dispatchMouseEvent", ["type": "mouseMoved", "x": place.x, "y": place.y])
    try settle()
  }

  func click(_ place: (x: Double, y: Double)) throws {
    for type in ["mouseMoved", "mousePressed", "mouseReleased"] {
      _ = try call(
        "Input.dispatchMouseEvent", ["type": type, "x": place.x, "y": place.y, "button": "left", "clickCount": 1])
    }
    try settle()
  }

  func press(_ key: Key) throws {
    for type in ["keyDown", "keyUp"] {
      _ = try call(
        "Input.dispatchKeyEvent", ["type": type, "key": key.name, "code": key.name, "windowsVirtualKeyCode": key.rawValue])
    }
    try settle()
  }

  /// A key by its virtual key code.
  enum Key: Int {
    case tab = 9, escape = 27, end = 35, home = 36, left = 37, up = 38, right = 39, down = 40

    var name: String {
      switch self {
      case .tab: "Tab"
      case .escape: "Escape"
      case .end: "End"
      case .home: "Home"
      case .left: "ArrowLeft"
      case .up: "ArrowUp"
      case .right: "ArrowRight"
      case .down: "ArrowDown"
      }
    }
  }
}

extension Browser {
  /// Sends a command and returns the result in its answer.
  private func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    calls += 1
    var command: [String: Any] = ["id": calls, "method": method, "params": parameters]
    command["sessionId"] = session
    var bytes = [UInt8](try JSONSerialization.data(withJSONObject: command)) + [0]
    while !bytes.isEmpty {
      let written = write(commands, bytes, bytes.count)
      guard written > 0 else { throw Failure(description: "the browser has ended") }
      bytes.removeFirst(written)
    }
    while true {
      let message = try nextMessage()
      guard message["id"] as? Int == calls else {
        note(message)
        continue
      }
      guard let result = message["result"] as? [String: Any] else { throw Failure(description: "\(method): \(message)") }
      return result
    }
  }

  private func note(_ message: [String: Any]) {
    let noted = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"]
    if let method = message["method"] as? String, noted.contains(method) { messages.append("\(message["params"] ?? method)") }
  }

  /// Messages end with a zero byte.
  private func nextMessage() throws -> [String: Any] {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = try JSONSerialization.jsonObject(with: Data(received[..<end])) as? [String: Any]
        received.removeSubrange(...end)
        return message ?? [:]
      }
      var waiting = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 30_000) > 0 else { throw Failure(description: "the browser says nothing") }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(answers, &chunk, chunk.count)
      guard count > 0 else { throw Failure(description: "the browser has ended") }
      received += chunk.prefix(count)
    }
  }
}
