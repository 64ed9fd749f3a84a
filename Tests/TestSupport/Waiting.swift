import Foundation
import Synchronization

/// Does many things that mostly wait, side by side.
package enum Waiting {
    /// What the body returns for each element, in their order; `width` of them go on at a time.
    package static func map<Element: Sendable, Value: Sendable>(
        _ elements: [Element], width: Int = 16, _ body: @escaping @Sendable (Element) throws -> Value
    ) throws -> [Value] {
        let next = Count()
        let found = Mutex<[Int: Result<Value, any Error>]>([:])
        let workers = DispatchGroup()
        for _ in 0..<min(width, elements.count) {
            workers.enter()
            Thread.detachNewThread {
                while case let place = next.next() - 1, place < elements.count {
                    let result = Result { try body(elements[place]) }
                    found.withLock { $0[place] = result }
                }
                workers.leave()
            }
        }
        workers.wait()
        return try found.withLock { found in try found.sorted { $0.key < $1.key }.map { try $0.value.get() } }
    }
}
