import Glibc

/// Where passwords of directories may go: the servers, and the accounts there, that they went to so far.
///
/// Who may edit the configuration and not read a password's file could name a server of their own and have the password sent there (a
/// pass-back). So once a run was applied, passwords go where they went then, under whichever name a directory stands and wherever its
/// password comes from; a human lets them go elsewhere with `rollcall trust`. Kept in the state directory, a line for each place.
package struct TrustedPlaces: Sendable, Equatable {
    /// One server and an account there.
    package struct Place: Sendable, Hashable, Comparable {
        /// In lower case and with its port; how the connection is protected counts as well.
        ///
        /// `srv:` begins a domain.
        package var server: String
        package var account: String

        package static func < (left: Place, right: Place) -> Bool {
            left.server == right.server
                ? left.account.utf8.lexicographicallyPrecedes(right.account.utf8)
                : left.server.utf8.lexicographicallyPrecedes(right.server.utf8)
        }

        /// For people.
        package var words: String { "`\(server)` as `\(account)`" }
    }

    static let name = "trusted-places"
    private static let format = "rollcall.trusted-places/1"

    package var places: Set<Place>

    package init(_ places: some Sequence<Place>) { self.places = Set(places) }

    // MARK: The file

    /// Nil where there is none: nothing was sent yet.
    ///
    /// Throws `AgentFailure` for a file that Rollcall did not write.
    static func read(in state: String) throws(AgentFailure) -> TrustedPlaces? {
        let path = FilePath.joined(state, name)
        let bytes: [UInt8]
        do throws(FileError) { bytes = try InputFile.bytes(path) } catch {
            if error.code == ENOENT { return nil }
            throw AgentFailure(
                .badConfiguration, "cannot read `\(path)`, which says where passwords may go: \(error.words)",
                hint: "let the user who runs rollcall read it")
        }
        guard let places = TrustedPlaces(bytes) else {
            throw AgentFailure(
                .badConfiguration, "`\(path)`, which says where passwords may go, is not as Rollcall wrote it",
                hint: "see who changed it; then run `rollcall trust`, which writes it anew")
        }
        return places
    }

    private init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines.removeFirst() == TrustedPlaces.format, lines.removeLast().isEmpty else {
            return nil
        }
        places = []
        for line in lines {
            let words = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard words.count == 2, let server = TrustedPlaces.plain(words[0]),
                let account = TrustedPlaces.plain(words[1])
            else { return nil }
            places.insert(Place(server: server, account: account))
        }
    }

    func write(in state: OpenDirectory) throws(FileError) {
        var text = TrustedPlaces.format + "\n"
        for place in places.sorted() {
            text += "\(TrustedPlaces.escaped(place.server))\t\(TrustedPlaces.escaped(place.account))\n"
        }
        try AtomicFile.write(Array(text.utf8), to: TrustedPlaces.name, in: state)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "%" {
                result += "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func plain(_ text: Substring) -> String? {
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            guard rest.count >= 2, let code = UInt8(String(rest.prefix(2)), radix: 16) else { return nil }
            rest.removeFirst(2)
            result.unicodeScalars.append(Unicode.Scalar(code))
        }
        return result
    }

    // MARK: The check

    /// What to say where the password of a directory would go to a place that is not among them; nil where it would not.
    func refusal(of directory: DirectorySettings) -> AgentFailure? {
        guard let new = TrustedPlaces.places(of: directory).first(where: { !places.contains($0) }) else { return nil }
        let first = places.sorted().prefix(3).map(\.words).joined(separator: ", ")
        let known = places.count > 3 ? "\(first) and \(places.count - 3) more" : first
        return AgentFailure(
            .badConfiguration,
            "the password of directory `\(directory.name)` would go to \(new.words), which is not among the places it may go to",
            hint: places.isEmpty
                ? "if that is right, run `rollcall trust`"
                : "if that is right, run `rollcall trust`; passwords may go to \(known)")
    }

    /// Where the password of a directory goes by the configuration; nowhere where it has none.
    static func places(of directory: DirectorySettings) -> [Place] {
        guard case .simple(let account, _) = directory.bind else { return [] }
        switch directory.location {
        case .file: return []
        case .domain(let domain):
            return [Place(server: "srv:\(domain.lowercased()) \(directory.tls.mode.rawValue)", account: account)]
        case .servers(let urls):
            return urls.map { Place(server: server($0, directory.tls.mode), account: account) }
        }
    }

    /// The URL in lower case, without a path and with its port.
    private static func server(_ url: String, _ mode: DirectorySettings.TLS.Mode) -> String {
        guard let colon = url.firstRange(of: "://") else { return url }
        let scheme = url[..<colon.lowerBound].lowercased()
        // The path of a socket is what it says.
        if scheme == "ldapi" { return "ldapi://\(url[colon.upperBound...])" }
        var host = String(url[colon.upperBound...].prefix { $0 != "/" }).lowercased()
        let afterBracket = host.lastIndex(of: "]").map { host[$0...] } ?? host[...]
        if !afterBracket.contains(":") { host += scheme == "ldaps" ? ":636" : ":389" }
        return "\(scheme)://\(host)" + (mode == .starttls ? " starttls" : "")
    }
}
