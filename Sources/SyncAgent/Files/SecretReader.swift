/// Reads secrets when they are needed, and never says what they are.
package struct SecretReader: Sendable {
    /// `$CREDENTIALS_DIRECTORY`, where systemd puts credentials; nil outside a unit.
    package var credentialsDirectory: String?
    /// The state directory, where it stands where passwords may go; nil where a human just said so.
    package var state: String?

    package init(credentialsDirectory: String? = nil, state: String? = nil) {
        self.credentialsDirectory = credentialsDirectory
        self.state = state
    }

    /// Throws `AgentFailure` where the password of a directory would go to a place to which none has gone yet.
    package func checkPlace(of directory: DirectorySettings) throws(AgentFailure) {
        guard let state, let trusted = try TrustedPlaces.read(in: state) else { return }
        if let failure = trusted.refusal(of: directory) { throw failure }
    }

    /// Most bytes of a secret.
    package static let longest = 4096

    /// Lends the secret's bytes for one call and wipes them afterwards; throws `AgentFailure`.
    ///
    /// One newline at the end does not count. An empty secret, or one with a NUL in it, is refused: servers take them for
    /// no password at all.
    package func withSecret<Result>(
        _ source: SecretSource, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        var bytes =
            switch source {
            case .file(let path): try SecretFile.read(path)
            case .command(let arguments): try SecretCommand.read(arguments)
            case .credential(let name): try SecretFile.read(credentialPath(name))
            }
        defer { SecretReader.wipe(&bytes) }
        let count = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
        guard count > 0 else {
            throw AgentFailure(.badConfiguration, "\(source.words) is empty", hint: "put the password into it")
        }
        guard count <= SecretReader.longest else {
            throw AgentFailure(
                .badConfiguration, "\(source.words) holds more than \(SecretReader.longest) bytes",
                hint: "a password is one short line: check that this is the one that is meant")
        }
        guard !bytes[..<count].contains(0) else {
            throw AgentFailure(.badConfiguration, "\(source.words) holds a NUL byte", hint: "a password is text")
        }
        return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            for index in buffer.indices { buffer[index] = 0 }
        }
    }

    private func credentialPath(_ name: String) throws(AgentFailure) -> String {
        guard let directory = credentialsDirectory, !directory.isEmpty else {
            throw AgentFailure(
                .badConfiguration, "`password_credential: \(name)` works in a systemd unit only",
                hint: "add `LoadCredential=\(name):/path/to/file` to the unit, or use `password_file`")
        }
        return FilePath.joined(directory, name)
    }
}

extension SecretSource {
    /// For messages: where the secret is, never what.
    var words: String {
        switch self {
        case .file(let path): "the password file `\(path)`"
        case .command(let arguments): "the answer of the password command `\(arguments.first ?? "")`"
        case .credential(let name): "the credential `\(name)`"
        }
    }
}

extension AgentContext {
    /// What passwords are read by: none for a place where none has gone yet.
    func secrets(_ configuration: AgentConfiguration) -> SecretReader {
        SecretReader(credentialsDirectory: credentialsDirectory, state: configuration.state)
    }
}
