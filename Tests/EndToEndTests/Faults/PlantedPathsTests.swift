import Foundation
import Glibc
import TestSupport
import Testing

/// D20 and D21: something else at each path that the agent uses, and surroundings in which it is not usually started.
struct PlantedPathsTests {
    enum Plant: String, CaseIterable, Sendable {
        case link, secondName, pipe, folder, linkToNothing

        func put(at path: String, victim: String) throws {
            switch self {
            case .link: symlink(victim, path)
            case .secondName: Glibc.link(victim, path)
            case .pipe: mkfifo(path, 0o600)
            case .folder: mkdir(path, 0o700)
            case .linkToNothing: symlink(victim + ".not-there", path)
            }
        }
    }

    /// What stands in a state directory after two nights, one of them held; reports stand for each other.
    private static let names = [
        "roster.sqlite", "roster.sqlite-journal", "roster.sqlite.part", "run.lock", "witness", "last-hold.json",
        "reports",
        "reports/latest.html", "reports/index.html",
    ]

    @Test(arguments: Plant.allCases) func nothingIsWrittenThroughWhatSomebodyPlanted(_ plant: Plant) throws {
        var site = try Site(ldif: Array(Company.firstNight(12).utf8))
        let before = try site.prepare()
        site.hour = 24
        for name in PlantedPathsTests.names {
            try site.restore(before)
            let victim = try site.folder.write("somebody else's\n", to: "victim")
            chmod(victim, 0o600)
            let path = site.statePath + "/" + name
            if name != "roster.sqlite" || plant != .secondName { try? FileManager.default.removeItem(atPath: path) }
            if name == "roster.sqlite", plant == .secondName {
                Glibc.link(path, site.folder.path("second-name"))
            } else {
                try plant.put(at: path, victim: victim)
            }
            for command in Figures.isSoak ? [["sync", "--yes"], ["plan"], ["audit", "verify"]] : [["sync", "--yes"]] {
                let ended = try site.run(command)
                let what: Comment = "\(plant) at \(name), \(command): \(ended.message)"
                #expect(ended.signal == nil, what)
                #expect([0, 66, 73, 74].contains(ended.status), what)
                if ended.status != 0 {
                    #expect(ended.message.hasPrefix("error: ") && ended.message.contains("\nhint: "), what)
                }
                if name == "roster.sqlite" { #expect(ended.status != 0, what) }
            }
            let left = try String(contentsOfFile: victim, encoding: .utf8)
            #expect(left == "somebody else's\n", "\(plant) at \(name)")
            #expect(!FileManager.default.fileExists(atPath: victim + ".not-there"), "\(plant) at \(name)")
            unlink(site.folder.path("second-name"))
            unlink(victim)
        }
    }

    /// Whatever the umask, nothing is open to others; and no home, no folder for temporary files, is needed.
    @Test(arguments: [
        "umask 000", "umask 077", "umask 777", "unset HOME TMPDIR", "HOME=/proc TMPDIR=/proc; export HOME TMPDIR",
    ])
    func surroundingsMakeNoDifference(_ surroundings: String) throws {
        var site = try Site(ldif: Array(Company.firstNight(12).utf8))
        try site.tellProgram()
        let usual = try site.prepare()
        try site.restore(nil)
        let launcher = ["/bin/sh", "-c", "\(surroundings); exec \"$0\" \"$@\""]
        let ended = try site.run(["sync", "--yes"], through: launcher)
        #expect(ended.status == 0, "\(ended.message)")
        #expect(try site.saved() == usual)
        site.hour = 24
        try site.write(Array(Company.secondNight(12).utf8), to: "people.ldif")
        #expect(try site.run(["sync", "--yes"], through: launcher).status == 0)
        #expect(try site.run(["backup", "copy.sqlite"], through: launcher).status == 0)
        let names = try FileManager.default.subpathsOfDirectory(atPath: site.statePath).map {
            site.statePath + "/" + $0
        }
        for path in names + [site.folder.path("copy.sqlite")] {
            var facts = stat()
            #expect(lstat(path, &facts) == 0)
            if facts.st_mode & S_IFMT == S_IFLNK { continue }
            #expect(facts.st_mode & 0o077 == 0, "\(path) has mode \(String(facts.st_mode, radix: 8))")
        }
    }
}
