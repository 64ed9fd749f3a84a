package import Diagnostics

/// One line of `rollcall config`: a key, its value, and where the value comes from.
///
/// Secrets are never in it.
package struct ResolvedSetting: Sendable, Equatable {
    package enum Origin: Sendable, Equatable {
        case file(SourcePosition)
        case `default`
        /// What the daemon goes by where the file has no schedule; whatever else runs Rollcall does not.
        case daemonDefault
    }
    /// Dotted path: `limits.suspend_other.count`.
    package var key: String
    /// As it would be written in the file.
    package var value: String
    package var origin: Origin

    package init(key: String, value: String, origin: Origin) {
        self.key = key
        self.value = value
        self.origin = origin
    }

    /// `config/rollcall.yaml:31`, `default`, or `default of the daemon`.
    package var originText: String {
        switch origin {
        case .file(let position): "\(position.file):\(position.line)"
        case .default: "default"
        case .daemonDefault: "default of the daemon"
        }
    }
}
