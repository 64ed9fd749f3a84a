import Testing

@testable import SQLiteRoster

/// Texts of the file, and back.
struct TextTests {
    @Test(arguments: [[], [""], ["a"], ["", ""], ["a\nb", "\\", "\\n", "c"], ["\\e"]] as [[String]])
    func listsOfLinesComeBack(_ lines: [String]) {
        #expect(LineList.lines(LineList.text(lines)) == lines)
    }

    @Test func effectiveTextSplitsIntoPermissions() {
        let parts = PermissionPart.parts(ofEffective: "support:build/knowledge=view+edit;:all=full;+crm_access")
        #expect(
            parts == [
                PermissionPart(scope: "support", area: "build/knowledge", permission: "view"),
                PermissionPart(scope: "support", area: "build/knowledge", permission: "edit"),
                PermissionPart(scope: "", area: "all", permission: "full"),
                PermissionPart(scope: "", area: "", permission: "crm_access"),
            ])
        #expect(PermissionPart.parts(ofEffective: "").isEmpty)
    }

    @Test func emailsDifferingInCaseAndCompositionAreOne() {
        #expect(EmailKey.key("Ann@Example.ORG") == "ann@example.org")
        #expect(Array(EmailKey.key("J\u{fc}rgen@x").utf8) == Array(EmailKey.key("JU\u{308}RGEN@X").utf8))
        #expect(EmailKey.key("a@x") != EmailKey.key("b@x"))
    }

    @Test func hashStaysWhatItIs() {
        #expect(StableHash.of("") == StableHash.of(""))
        #expect(StableHash.of("rollcall") == Self.recorded)
        #expect(StableHash.of("ab") != StableHash.of("ba"))
    }

    /// As the first version computed it: files depend on it.
    private static let recorded: Int64 = -7_248_926_950_773_933_420
}
