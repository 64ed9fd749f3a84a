import TestSupport

extension SlapdFixture {
    /// Changes entries as the administrator does, by LDIF.
    func modify(_ ldif: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(ldif + "\n", to: "change.ldif")
        let bind = ["-D", SlapdFixture.administrator, "-w", SlapdFixture.password]
        try Command.run("ldapmodify", ["-x", "-H", url] + bind + ["-f", "change.ldif"], in: directory.url)
    }
}
