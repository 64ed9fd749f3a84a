import Foundation
import Glibc

/// A TLS server that hands out, with its certificate, what the authority says of it; it speaks no LDAP.
package final class StaplingServer: Sendable {
    package let port: UInt16
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    package var url: String { "ldaps://127.0.0.1:\(port)" }

    /// With a certificate of the tests' authority, by its name.
    package init(_ certificate: TestCertificates.Kind) throws {
        let certificates = try TestCertificates.shared.get()
        let name = certificate.rawValue
        let answer = try certificates.stapledAnswer(for: name)
        directory = try TemporaryDirectory()
        port = try SlapdFixture.freePort()
        let port = port
        process = try ServerProcess(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificates.certificate(name), "-key",
                certificates.key(name), "-status_file", answer, "-quiet",
            ], in: directory.url)
        try process.start(within: .seconds(20)) { LoopbackSocket.connect(to: port).map { close($0) } != nil }
    }

    deinit { process.stop() }
}
