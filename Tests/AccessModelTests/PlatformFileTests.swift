import AccessModel
import Diagnostics
import TestSupport
import Testing

struct PlatformFileTests {
    /// A small platform that is right; each test spoils one line of it.
    static let lines = [
        "version: 1",  // 1
        "platform: desk",
        "scopes: [house, room, shelf]",
        "permissions: {levels: [none, read, full], areas: {a: {areas: {b: {}}}, c: {actions: [x, y], privileged: [y]}}}",
        "roles:",  // 5
        "  boss: {scope: house, privileged: true, permissions: all}",
        "  hand: {scope: room, permissions: {a/b: read, c: [x]}, switches: {key: true}}",
        "  guest: {scope: room}",
        "default_role: guest",
        "templates: {per_user: many, ship: {t: {permissions: {a: full}}}}",  // 10
        "switches: {key: {forced_on_for: [boss]}}",
        "grants: {shelf: {hand: {for: [guest]}}}",
        "statuses: [invited, active]",
        "seats: {s: {per: room, held_by: {roles: [hand], roles_with_grant: [guest], owners: [boss]}, freed_by: leave}}",
        "keep_at_least: {boss: 1}",  // 15
    ]

    static let spoiled: [(Int, String, [String])] = [
        (1, "version: 2", ["1:10: error: expected 1, found 2 [file.out-of-range]"]),
        (
            3, "scopes: [house, room, shelf, room]",
            ["3:30: error: scope `room` is listed twice [platform.duplicate]"]
        ),
        (
            4, "permissions: {areas: {a: {areas: {b: {}}}, c: {actions: [x, y]}}}",
            [
                "4:23: error: area `a` has neither levels nor actions [platform.no-scale]",
                "7:37: error: there is no area `a/b` on this platform [platform.unknown-area]",
                "10:54: error: there is no area `a` on this platform [platform.unknown-area]",
            ]
        ),
        (
            4,
            "permissions: {levels: [none, read, full], areas: {a: {areas: {b: {actions: [x]}}}, c: {actions: [x, y]}}}",
            [
                "4:67: error: area `a/b` could not have the value of `a`, since its levels or actions differ [platform.mixed-scale]",
                "7:42: error: area `a/b` takes a list of actions [platform.wrong-value]",
            ]
        ),
        (
            4,
            "permissions: {levels: [none, read, full], areas: {a: {areas: {b: {}}}, c: {actions: [x, y], privileged: [z]}}}",
            ["4:106: error: there is no value `z` on this platform [platform.unknown-value]"]
        ),
        (
            6, "  boss: {scope: huose, privileged: true, permissions: all}",
            [
                "6:17: error: there is no scope `huose` on this platform [platform.unknown-scope]"
            ]
        ),
        (
            7, "  hand: {scope: room, permissions: {a/b: raed, c: x}, switches: {kye: true}}",
            [
                "7:42: error: expected one of `none`, `read`, `full` for area `a/b`, found `raed` [platform.unknown-value]",
                "7:51: error: area `c` takes a list of actions [platform.wrong-value]",
                "7:66: error: there is no switch `kye` on this platform [platform.unknown-switch]",
            ]
        ),
        (
            7, "  hand: {scope: room, permissions: {c: [x, y]}}",
            [
                "7:3: error: role `hand` gives the privileged permission `c: y` but is not privileged itself"
                    + " [platform.role-not-privileged]"
            ]
        ),
        (
            7, "  hand: {scope: room, permissions: {b: read}}",
            [
                "7:37: error: there is no area `b` on this platform [platform.unknown-area]"
            ]
        ),
        (
            9, "default_role: boss",
            [
                "9:15: error: `boss` is privileged and cannot be what a rule gives that names no role"
                    + " [platform.default-role-privileged]"
            ]
        ),
        (9, "default_role: gest", ["9:15: error: there is no role `gest` on this platform [platform.unknown-role]"]),
        (
            10, "templates: {ship: {t: {permissions: {a: full}}}}",
            [
                "10:13: error: templates are shipped, but no user may have one [platform.templates-unused]"
            ]
        ),
        (
            11, "switches: {key: {forced_on_for: [bos]}}",
            [
                "11:34: error: there is no role `bos` on this platform [platform.unknown-role]"
            ]
        ),
        (
            12, "grants: {shelf: {boss: {for: [guest]}}}",
            [
                "12:24: error: role `guest` is not given in the same kind of scope as `boss` [platform.grant-scope]"
            ]
        ),
        (
            12, "grants: {room: {hand: {for: [guest]}}}",
            [
                "12:17: error: role `hand` is given in room scope and cannot be granted in room scope [platform.grant-scope]",
                "14:49: error: seats go to roles with a grant, but the platform has no grants below its `room`"
                    + " [platform.no-grants]",
            ]
        ),
        (
            13, "statuses: [invited, suspended, invited]",
            [
                "13:32: error: status `invited` is listed twice [platform.duplicate]"
            ]
        ),
        (
            14, "seats: {s: {per: room, held_by: {roles: [hand, boss]}, freed_by: level}}",
            [
                "14:48: error: role `boss` is given in house scope and holds no such seat [platform.seat-scope]",
                "14:66: error: expected one of `suspend`, `leave`, `lower`, `remove`, found text: `level` [file.unknown-word]",
            ]
        ),
        (
            14, "seats: {s: {per: romo, held_by: {}, freed_by: leave}}",
            [
                "14:18: error: there is no scope `romo` on this platform [platform.unknown-scope]",
                "14:33: error: held_by needs at least one of `roles`, `roles_with_grant`, `owners` [file.missing-key]",
            ]
        ),
        (
            15, "keep_at_least: {bosss: 1}",
            [
                "15:17: error: there is no role `bosss` on this platform [platform.unknown-role]"
            ]
        ),
    ]

    @Test func theUnspoiledPlatformIsRight() {
        let (platform, lines) = resolve(PlatformFileTests.lines.joined(separator: "\n"))
        #expect(lines == [])
        #expect(platform?.title == "Desk")
        #expect(platform?.areas.map(\.path) == ["a", "a/b", "c"])
        #expect(platform?.areas.last?.privileged == ["y"])
        #expect(platform?.role(named: "hand")?.switches == ["key"])
    }

    @Test(arguments: spoiled)
    func everyReferenceToNothingIsNamed(line: Int, text: String, expected: [String]) {
        var spoiled = PlatformFileTests.lines
        spoiled[line - 1] = text
        let (platform, lines) = resolve(spoiled.joined(separator: "\n"))
        #expect(lines == expected)
        #expect(platform == nil)
    }

    @Test func aNearNameIsSuggested() {
        var spoiled = PlatformFileTests.lines
        spoiled[8] = "default_role: gest"
        var diagnostics = DiagnosticList()
        let source = SourceFile(name: "p.yaml", text: spoiled.joined(separator: "\n"))
        #expect(PlatformFile.platform(source, into: &diagnostics) == nil)
        #expect(
            diagnostics.text == """
                p.yaml:9:15: error: there is no role `gest` on this platform [platform.unknown-role]
                 9 | default_role: gest
                   |               ^
                hint: did you mean `guest`?

                """)
    }

    @Test func settingNothingIsRefusedWhereThereIsNoDeny() throws {
        let platform = try shipped("agent-studio")
        var diagnostics = DiagnosticList()
        let source = SourceFile(name: "p.yaml", text: "{build: none, build/tools: read}")
        let node = try #require(YAMLReader.read(source, into: &diagnostics))
        let reader = AreaSettingReader(areas: platform.areas)
        #expect(
            reader.settings(node, none: .refused, into: &diagnostics)
                == [AreaSetting(area: "build/tools", values: ["read"])])
        #expect(diagnostics.sorted.map(\.code) == ["platform.nothing-given"])
        diagnostics = DiagnosticList()
        #expect(reader.settings(node, none: .allowed, into: &diagnostics).count == 2)
        #expect(!diagnostics.hasErrors)
    }

    /// Every line left out, halved or doubled: never a trap, and a platform only where there is no error.
    @Test(arguments: [UInt64](1...20))
    func noFileTraps(seed: UInt64) throws {
        let text = Array(try Repository.bytes("config/platforms/voiceflow.yaml"))
        var state = seed
        func number(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        for _ in 0..<20 {
            var bytes = text
            for _ in 0...number(6) {
                let place = number(bytes.count - 20)
                switch number(4) {
                case 0: bytes.removeSubrange(place..<place + number(20))
                case 1: bytes[place] = Array("[]{}:,-# \n&*!'\"".utf8)[number(15)]
                case 2: bytes.insert(contentsOf: bytes[place..<place + number(20)], at: number(bytes.count))
                default: bytes.swapAt(place, number(bytes.count))
                }
            }
            var diagnostics = DiagnosticList()
            let platform = PlatformFile.platform(SourceFile(name: "p.yaml", bytes: bytes), into: &diagnostics)
            #expect((platform == nil) == diagnostics.hasErrors, "seed \(seed)")
        }
    }
}
