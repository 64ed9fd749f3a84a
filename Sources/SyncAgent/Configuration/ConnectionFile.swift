import Diagnostics

/// A file that the configuration names for a connection, with the place of the setting.
struct ConnectionFile: Equatable {
    enum Use: Equatable {
        /// Certificates of the authorities to trust.
        case authorities
        /// Our own certificate.
        case certificate
        /// The key of our own certificate.
        case key
        /// Lists of certificates that were taken back.
        case revocations
        /// Keys of our Kerberos principal.
        case keytab
        case password
        /// The program that prints the password.
        case program
        /// The LDIF file that stands for the directory.
        case directory
    }

    var use: Use
    /// The key of the setting.
    var setting: String
    /// Absolute.
    var path: String
    /// The setting; the directory's entry where the path is the default.
    var position: SourcePosition
}
