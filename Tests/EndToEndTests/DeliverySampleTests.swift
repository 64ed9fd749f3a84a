import Foundation
import TestSupport
import Testing

/// The program in `config/samples/deliver` prints a call for everything that a message tells.
struct DeliverySampleTests {
    private static let none = #""grants":[],"templates":[],"switches":[],"permissions":[]"#

    private func calls(_ messages: [String]) throws -> Rollcall.Ended {
        let folder = try TemporaryDirectory()
        try folder.write(messages.joined(separator: "\n") + "\n", to: "messages")
        let script = Repository.root.appendingPathComponent("config/samples/deliver/print-calls.sh").path
        return try Rollcall.run(
            ["-c", "sh \(script) https://p/api < messages"], program: URL(fileURLWithPath: "/bin/sh"), in: folder.url)
    }

    private func message(_ status: String, _ access: String, _ changes: String) -> String {
        #"{"key":"k","user":{"id":"u","email":"ada@x","name":"Ada A","status":"\#(status)"},"access":{\#(access)},"#
            + #""changes":[\#(changes)]}"#
    }

    private func change(_ kind: String, _ scope: String = "", _ before: String? = nil, _ after: String? = nil) -> String
    {
        func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        return #"{"kind":"\#(kind)","scope":"\#(scope)","before":\#(text(before)),"after":\#(text(after))}"#
    }

    private func expect(
        _ message: String, _ lines: [String], key: String = "k", sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ended = try calls([message])
        #expect(ended.status == 0, sourceLocation: sourceLocation)
        let printed = ended.output.split(separator: "\n").map(String.init)
        #expect(printed == lines.map { $0 + "  (key \(key))" }, sourceLocation: sourceLocation)
    }

    @Test func aRoleForTheWholeTargetHasItsName() throws {
        try expect(
            message("invited", #""roles":[{"scope":"","role":"account-admin"}],\#(Self.none)"#, change("invite")),
            [
                "POST https://p/api/invitations  id=u email=ada@x name=Ada A",
                "PUT https://p/api/users/u/roles/all  role=account-admin",
            ])
    }

    @Test func whatComesBackAndWhatGoesHasItsCalls() throws {
        let access =
            #""roles":[{"scope":"support","role":"chat-user"}],"grants":[{"scope":"support/bot","role":"editor"}],"#
            + #""templates":["t2"],"switches":["crm_access"],"permissions":[{"area":"a","values":["view","edit"]}]"#
        let changes = [
            change("resume", "", "suspended", "active"), change("remove_template", "", "t1"),
            change("leave_scope", "sales", "chat-user"), change("change_email", "", "a@x", "ada@x"),
            change("switch_off", "", "beta"), change("remove_grant", "support/old", "editor"),
        ]
        try expect(
            message("active", access, changes.joined(separator: ",")),
            [
                "POST https://p/api/users/u/resume", "PATCH https://p/api/users/u  email=ada@x",
                "DELETE https://p/api/users/u/roles/sales", "DELETE https://p/api/users/u/grants/support/old",
                "DELETE https://p/api/users/u/templates/t1", "DELETE https://p/api/users/u/switches/beta",
                "PUT https://p/api/users/u/roles/support  role=chat-user",
                "PUT https://p/api/users/u/grants/support/bot  role=editor", "PUT https://p/api/users/u/templates/t2",
                "PUT https://p/api/users/u/switches/crm_access", "PUT https://p/api/users/u/permissions  a=view,edit",
            ])
    }

    @Test(arguments: [
        ("suspended", "suspend", "POST https://p/api/users/u/suspend"),
        ("removed", "remove", "DELETE https://p/api/users/u"),
    ]) func whoLeavesHasOneCall(status: String, kind: String, call: String) throws {
        try expect(message(status, #""roles":[],\#(Self.none)"#, change(kind)), [call])
    }

    @Test func anInvitationSentAgainIsNoSecondAccount() throws {
        try expect(
            message("invited", #""roles":[],\#(Self.none)"#, change("invite", "", "invited", "invited")),
            ["POST https://p/api/users/u/invitation"])
    }

    /// The message that the reference shows has the fields of one that a run wrote, and is understood.
    @Test func theMessageOfTheReferenceIsOne() throws {
        let blocks = try FencedBlock.all(of: "docs/reference/delivery.md")
        let block = try #require(blocks.first { $0.language == "json" })
        let shown = block.text.replacing(/\n */, with: "")
        let story = try Repository.text("Tests/EndToEndTests/Scenarios/delivered.transcript")
        let written = try #require(
            story.split(separator: "\n").first { $0.hasPrefix("{\"format\":\"rollcall.delivery/1\"") })
        #expect(try fields(shown) == fields(String(written)))
        let id = "5a110001-0000-4000-8000-000000000002"
        try expect(
            shown,
            [
                "POST https://p/api/invitations  id=\(id) email=ben@example.org name=Ben Ohm",
                "PUT https://p/api/users/\(id)/roles/support  role=chat-user",
            ], key: "acme-desk/17/4@1795227300")
    }

    /// The name of each field with those it is in, in order; elements of a list are one.
    private func fields(_ text: String) throws -> [String] {
        func names(_ value: Any, _ path: String) -> Set<String> {
            switch value {
            case let object as [String: Any]:
                return object.reduce(into: [path]) { $0.formUnion(names($1.value, path + "." + $1.key)) }
            case let list as [Any]: return list.reduce(into: [path]) { $0.formUnion(names($1, path + "[]")) }
            default: return [path]
            }
        }
        return names(try JSONSerialization.jsonObject(with: Data(text.utf8)), "").sorted()
    }

    @Test func whatIsNoMessageIsNotAcknowledged() throws { #expect(try calls(["junk"]).status != 0) }
}
