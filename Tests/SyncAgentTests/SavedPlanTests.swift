import AccessModel
import DirectoryModel
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

@testable import SyncAgent

/// What is saved is read back to the byte, and nothing else is read.
struct SavedPlanTests {
    private static let seeds = Figures.seeds(Figures.of(150, soak: 3_000))

    private func saved(_ seed: UInt64) -> SavedPlan {
        let generator = WorldGenerator(seed: seed, calm: false)
        var plan = generator.world.plan(TargetRoster(target: "acme"))
        for place in plan.subjects.indices { plan.subjects[place].person = nil }
        return SavedPlan(
            basis: PlanBasis(
                generation: Int64(seed), run: 3, time: 1_795_227_300, version: "1", pins: [],
                targets: [PlanBasis.Target(name: "acme", fingerprints: ["a\u{202e}": "1"], baselineRun: 2, line: "x")]),
            plans: [plan])
    }

    private func report(_ saved: SavedPlan) -> PlanReport {
        PlanReport(stage: .planned, run: nil, time: saved.basis.time, version: "1", plans: saved.plans)
    }

    private func isReadable(_ bytes: [UInt8]) -> Bool { (try? SavedPlan(bytes, path: "x")) != nil }

    @Test func whatIsReadIsWhatWasWritten() throws {
        for seed in SavedPlanTests.seeds {
            let saved = saved(seed)
            let bytes = saved.bytes(report(saved))
            let read = try SavedPlan(bytes, path: "x")
            #expect(read.basis == saved.basis, "seed \(seed)")
            let isSame = read.bytes(report(read)) == bytes
            #expect(isSame, "seed \(seed)")
            let (left, right) = (read.plans[0], saved.plans[0])
            #expect(left.subjects.count == right.subjects.count)
            #expect(left.changes == right.changes)
            #expect(left.details == right.details)
            #expect(left.waiting == right.waiting)
            #expect(left.reasons == right.reasons)
            #expect(left.baseline == right.baseline)
            #expect(left.holds == right.holds)
            #expect(left.ledger == right.ledger)
            #expect(left.tally == right.tally)
            #expect(left.findings == right.findings)
        }
    }

    @Test func anyChangeIsNoticed() {
        let saved = saved(3)
        let bytes = saved.bytes(report(saved))
        var random = SeededNumbers(seed: 1)
        for _ in 0..<500 {
            var changed = bytes
            let place = Int.random(in: 0..<changed.count, using: &random)
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(!isReadable(changed), "byte \(place)")
            #expect(!isReadable(Array(bytes.prefix(place))), "\(place) bytes")
        }
        #expect(!isReadable([]))
    }

    /// F5: whoever works out the digest anew still cannot make the reader crash, or hand out numbers that name nothing.
    @Test func mutatedPlansNeverCrash() {
        var random = SeededNumbers(seed: 7)
        let pieces: [[UInt8]] = [
            "[", "]", "{", "}", ",", "null", "-1", "99999999999999999999", "\"", "\\u", "\\ud800", "4294967295",
        ]
        .map { Array($0.utf8) }
        var read = 0
        let rounds = Figures.of(3_000, soak: 1_000_000)
        let saved = saved(5)
        let bytes = saved.bytes(report(saved))
        for _ in 0..<rounds {
            var changed = Array(bytes.dropLast(64 + 17))
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
                case 2: changed.removeSubrange(place..<min(place + 5, changed.count))
                default: if (0x30...0x39).contains(changed[place]) { changed[place] = 0x39 }
                }
            }
            changed += Array("  \"digest\": \"\(ContentDigest.of(changed))\"\n}\n".utf8)
            if isReadable(changed) { read += 1 }
        }
        #expect(read > 0)
    }

    @Test func digestIsThatOfTheStandard() {
        #expect(ContentDigest.of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(ContentDigest.of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(ContentDigest.of(long) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// The schema for validators holds what is written: no field is missing in it, none that must be there is left out.
    @Test func schemaDescribesWhatIsWritten() throws {
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(Repository.text("config/schema/plan.schema.json").utf8))
                as? [String: Any])
        for seed in 0..<40 {
            let saved = saved(UInt64(seed))
            let document = try JSONSerialization.jsonObject(with: Data(saved.bytes(report(saved))))
            #expect(SchemaCheck.problems(document, schema, at: "") == [], "seed \(seed)")
        }
    }
}

/// The part of JSON Schema that the file uses, and one thing more: no object may have fields that are not described.
enum SchemaCheck {
    static func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        var problems: [String] = []
        if let wanted = schema["const"] as? String, value as? String != wanted { problems.append("\(path): const") }
        if let names = schema["enum"] as? [String], !names.contains(value as? String ?? "") {
            problems.append("\(path): enum")
        }
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(type(of: value)) { problems.append("\(path): \(type(of: value))") }
        if let object = value as? [String: Any] {
            let known = schema["properties"] as? [String: [String: Any]] ?? [:]
            for name in schema["required"] as? [String] ?? [] where object[name] == nil {
                problems.append("\(path)/\(name): missing")
            }
            if !known.isEmpty {
                for (name, inner) in object {
                    guard let next = known[name] else {
                        problems.append("\(path)/\(name): not described")
                        continue
                    }
                    problems += SchemaCheck.problems(inner, next, at: "\(path)/\(name)")
                }
            }
        }
        if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
            for item in list.prefix(20) { problems += SchemaCheck.problems(item, items, at: "\(path)/*") }
        }
        return problems
    }

    private static func type(of value: Any) -> String {
        switch value {
        case is NSNull: "null"
        case is String: "string"
        case let number as NSNumber:
            CFGetTypeIDOfTruth(number) ? "boolean" : "integer"
        case is [Any]: "array"
        default: "object"
        }
    }

    private static func CFGetTypeIDOfTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
