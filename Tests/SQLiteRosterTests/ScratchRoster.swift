import Foundation
import Reconciliation
import SQLiteRoster
import TestSupport

/// A roster file in a folder of its own.
struct ScratchRoster {
    let folder: TemporaryDirectory
    let path: String

    init(inMemory: Bool = false) throws {
        folder = try TemporaryDirectory(inMemory: inMemory)
        path = folder.path("roster.sqlite")
    }

    func open(_ use: RosterOpening.Use = .create) throws -> SQLiteRoster {
        try SQLiteRoster(RosterOpening(path: path, use: use))
    }

    /// A roster with some nights behind it.
    static func filled(seed: UInt64, nights: Int = 4) throws -> (scratch: ScratchRoster, roster: SQLiteRoster) {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var dice = Dice(seed: seed)
        for _ in 0..<nights {
            try roster.apply(RandomRun.make(after: roster.load(targets: RandomRun.targets), &dice))
        }
        return (scratch, roster)
    }

    /// Bytes of the file.
    func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
}
