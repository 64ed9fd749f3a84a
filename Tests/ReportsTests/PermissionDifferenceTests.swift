import Reconciliation
import Reports
import Testing

/// A change of permissions shows what differs and nothing else.
struct PermissionDifferenceTests {
    @Test(arguments: [
        (
            ":integrations=view+edit;:experiments=view", ":integrations=view+edit;:experiments=view+create+edit",
            "permissions experiments: view → view, create, edit"
        ),
        (
            "support:users=view", "support:users=view;sales/emea:users=edit",
            "permissions users in sales/emea: none → edit"
        ),
        (":a=view;:b=view;+crm_access", ":b=view", "permissions a: view → none; crm_access switched off"),
        ("", "+crm_access", "crm_access switched on"),
        ("conversations: view", "conversations: view+edit", "permissions conversations: view → view, edit"),
        ("not canonical", "at all", "permissions not canonical → at all"),
    ])
    func showsWhatDiffers(before: String, after: String, sentence: String) {
        let change = Change(
            kind: .changePermissions, evidence: .positive, subject: 0, reason: 0, before: before, after: after)
        #expect(change.phrase == sentence)
    }

    @Test func aGivenAreaIsADifferenceToNothing() {
        let change = Change(
            kind: .changePermissions, evidence: .positive, subject: 0, reason: 0, before: nil, after: "users: view")
        #expect(change.phrase == "permissions users: none → view")
    }
}
