/// A binary heap: the smallest of some elements is found at once.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  var isEmpty: Bool { elements.isEmpty }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      if elements[parent] <= elements[place] { return }
      elements.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes out the smallest element; nil if there is none.
  mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    if elements.isEmpty { return first }
    elements[0] = last
    var place = 0
    while true {
      var smallest = place
      for child in 2 * place + 1...2 * place + 2 where child < elements.count && elements[child] < elements[smallest] {
        smallest = child
      }
      if smallest == place { return first }
      elements.swapAt(place, smallest)
      place = smallest
    }
  }
}
