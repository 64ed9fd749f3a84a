import AccessModel
import Testing

struct AccessCanonicalTextTests {
    static let texts: [(Access, String)] = [
        (.none, ""),
        (Access(roles: [at("", "account-admin")]), "roles=:account-admin"),
        (
            Access(
                roles: [at("support", "viewer"), at("sales", "editor")], templates: ["qa", "content"],
                switches: ["crm_access"], grants: [at("support/order-bot", "editor")],
                permissions: [
                    AreaSetting(area: "users", values: ["view", "edit"]),
                    AreaSetting(area: "build/knowledge", values: ["edit"]),
                ]),
            "roles=sales:editor,support:viewer;templates=content,qa;switches=crm_access;"
                + "grants=support/order-bot:editor;permissions=build%2Fknowledge:edit,users:view+edit"
        ),
        (
            Access(roles: [ScopedRole(scope: ScopePath(["a/b;c"]), role: "ü %=:,+\n")]),
            "roles=a%2Fb%3Bc:%C3%BC%20%25%3D%3A%2C%2B%0A"
        ),
    ]

    @Test(arguments: texts)
    func textIsStableAndReadBack(access: Access, text: String) {
        #expect(access.canonicalText == text)
        #expect(Access(canonicalText: text) == access)
    }

    @Test(arguments: [
        "roles", "roles=", "roles=support", "roles=b:x,a:x", "jobs=:x", "roles=:%4", "roles=:%zz", "roles=:%FF",
        "roles=:a;", ";", "templates=a;roles=:x", "roles=:x;roles=:x", "roles=:%61", "permissions=a:b:c", "roles=:a b",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(Access(canonicalText: text) == nil)
    }

    @Test func namesThatNoPlatformKnowsSurvive() {
        let access = Access(roles: [at("gone", "no-longer-a-role")], templates: ["old"])
        #expect(Access(canonicalText: access.canonicalText) == access)
    }
}
