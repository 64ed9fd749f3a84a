import DirectoryModel
import TestSupport
import Testing

@testable import DirectorySources

/// Runs over real servers: what a run that reads changes leaves is what a run leaves that reads everything.
@Suite(.serialized)
struct ServerRunsTests {
    private func play(_ seed: UInt64, _ kind: Scene.Kind) throws -> (followed: Int, doubts: [String]) {
        let runs = try RunScene(seed: seed, kind)
        let scene = runs.scene
        defer { scene.server.stop() }
        var followed = 0
        var doubts: [String] = []
        for number in 0..<Figures.of(4, soak: 8) {
            scene.note("run \(number)")
            try scene.change(Int.random(in: 0...4, using: &scene.model.numbers))
            if scene.model.numbers.once(in: 5) {
                scene.note("restart")
                try scene.server.restart()
            }
            let step = try runs.step()
            scene.note("\(step.readings)")
            if step.readings.contains(where: { $0.hasPrefix("whole") }) {
                doubts += step.readings
            } else {
                followed += 1
            }
            if let difference = step.difference {
                Issue.record("seed \(seed) \(kind) after \(scene.done): \(difference)")
                break
            }
        }
        #expect(try runs.problems() == [], "seed \(seed) \(kind)")
        return (followed, doubts)
    }

    @Test(arguments: Scene.Kind.allCases)
    func rosterThatFollowsAServerIsThatOfWholeRuns(server: Scene.Kind) throws {
        var followed = 0
        var doubts: [String: Int] = [:]
        for seed in Figures.seeds(server.runHistories) {
            let played = try play(seed, server)
            followed += played.followed
            for doubt in played.doubts { doubts[doubt, default: 0] += 1 }
        }
        Figures.note("runs by changes of \(server): \(followed), read whole after all \(doubts)")
        #expect(followed > 0)
    }
}
