import AccessModel
import Testing

/// An application that nobody here has heard of works from its file alone.
struct FifthPlatformTests {
    /// Area, then what director, curator, keeper and reader have.
    static let cells: [(String, [String])] = [
        ("catalog", ["write", "write", "write", "read"]),
        ("catalog/specimens", ["write", "write", "write", "read"]),
        ("catalog/images", ["write", "write", "write", "read"]),
        ("catalog/localities", ["write", "write", "read", "-"]),
        ("loans", ["request approve ship return", "request approve ship return", "request ship return", "-"]),
        ("labels", ["print design", "print design", "print", "-"]),
        ("staff", ["write", "-", "-", "-"]),
    ]

    @Test(arguments: cells)
    func levelsAndActionsStandSideBySide(area: String, cells: [String]) throws {
        let platform = try herbarium()
        for (role, cell) in zip(["director", "curator", "keeper", "reader"], cells) {
            #expect(try permissions(of: role, on: platform)[area] == cell, "\(role)")
        }
    }

    @Test func templatesMergeOverBothKindsOfScales() throws {
        let platform = try herbarium()
        let access = Access(roles: [at("mosses", "reader")], templates: ["label-printer", "loan-desk"])
        let book = TemplateBook(shipped: platform.shippedTemplates)
        let have = table(
            platform.effectivePermissions(of: access, templates: book, in: ScopePath("mosses")), on: platform)
        #expect(have["loans"] == "request approve ship return")
        #expect(have["labels"] == "print")
        #expect(have["catalog/localities"] == "-")
    }

    @Test func seatsFollowTheFile() throws {
        let platform = try herbarium()
        let mosses = ScopePath("mosses")
        let topology = Topology(
            scopes: [ScopeInstance(path: .root), ScopeInstance(path: mosses, ownersHoldSeats: true)],
            pools: [SeatPool(scope: mosses, seatClass: "writer", limit: 3)])
        func seats(_ access: Access, _ status: UserStatus) -> [Int] {
            platform.seatsHeld(by: access, status: status, in: topology)
        }
        #expect(seats(Access(roles: [at("mosses", "keeper")]), .invited) == [0])
        #expect(seats(Access(roles: [at("mosses", "keeper")]), .suspended) == [])
        #expect(seats(Access(roles: [at("mosses", "reader")]), .active) == [])
        #expect(seats(Access(roles: [at("", "director")]), .active) == [0])
        #expect(platform.covers("director", "curator"))
    }

    private func herbarium() throws -> Platform {
        try read("config/samples/fifth-platform/herbarium.yaml")
    }
}
