package import DirectoryModel

/// A read as a human would make it with the tools of OpenLDAP; the password is asked for or stays in its file.
package struct SearchCommand {
    private let access: ExaminedAccess

    package init(_ access: ExaminedAccess) { self.access = access }

    package func text(_ read: ExaminedRead) -> String {
        let words = read.isWhoAmI ? ["ldapwhoami"] + reach : ["ldapsearch", "-LLL", "-o", "ldif-wrap=no"] + reach
        var all = environment + words.map(ShellWord.quoted)
        if !read.isWhoAmI { all += arguments(of: read).map(ShellWord.quoted) }
        return all.joined(separator: " ")
    }

    /// The name of a variable is no word to quote; its value is.
    private var environment: [String] {
        let files = [
            ("LDAPTLS_CACERT", access.caFile), ("LDAPTLS_CERT", access.certificateFile),
            ("LDAPTLS_KEY", access.keyFile),
        ]
        return files.compactMap { name, path in path.map { "\(name)=\(ShellWord.quoted($0))" } }
    }

    private var reach: [String] {
        ["-H", access.url] + (access.usesStartTLS ? ["-ZZ"] : []) + bind
    }

    private var bind: [String] {
        switch access.bind {
        case .anonymous: ["-x"]
        case .simple(let dn, let file): ["-x", "-D", dn] + (file.map { ["-y", $0] } ?? ["-W"])
        case .external: ["-Q", "-Y", "EXTERNAL"]
        case .gssapi: ["-Q", "-Y", "GSSAPI"]
        }
    }

    private func arguments(of read: ExaminedRead) -> [String] {
        var words = read.extensions.flatMap { ["-E", $0] }
        if read.sizeLimit > 0 { words += ["-z", "\(read.sizeLimit)"] }
        if read.typesOnly { words.append("-A") }
        words += ["-b", read.base, "-s", read.scope.rawValue, read.filter]
        return words + (read.attributes.isEmpty ? ["1.1"] : read.attributes)
    }
}
