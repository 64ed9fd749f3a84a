/// Where a secret is; never the secret itself.
package enum SecretSource: Sendable, Equatable {
    /// Absolute path.
    case file(String)
    /// Program and arguments; the program by its absolute path, no shell.
    case command([String])
    /// Name of a credential that systemd hands over.
    case credential(String)
}
