import Foundation

/// An authority made for the test process, with certificates of a server that are right, for another host, or expired.
package final class TestCertificates: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case server, wronghost, expired }

    private let directory: TemporaryDirectory

    /// Made once: keys take a moment.
    package static let shared = Result { try TestCertificates() }

    private init() throws {
        directory = try TemporaryDirectory()
        try authority("ca", "Rollcall test authority")
        try authority("otherca", "Another authority")
        try sign("server", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1", days: 30)
        try sign("wronghost", "/CN=other.example", "subjectAltName=DNS:other.example", days: 30)
        try sign("expired", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1", days: -1)
        try sign("client", "/O=Rollcall test/CN=sync", "extendedKeyUsage=clientAuth", days: 30)
    }

    package var authorityFile: String { directory.path("ca.crt") }
    package var otherAuthorityFile: String { directory.path("otherca.crt") }

    package func certificate(_ name: String) -> String { directory.path(name + ".crt") }
    package func key(_ name: String) -> String { directory.path(name + ".key") }

    /// Makes a certificate of a server at another address, and returns the name it has here.
    func serverCertificate(address: String) throws -> String {
        let name = "server-" + address
        try sign(name, "/CN=" + address, "subjectAltName=IP:" + address, days: 30)
        return name
    }

    private static let newKey = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    private func authority(_ name: String, _ title: String) throws {
        try openssl(
            TestCertificates.newKey + [
                "-x509", "-days", "30", "-subj", "/CN=" + title, "-keyout", name + ".key", "-out", name + ".crt",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            ])
    }

    private func sign(_ name: String, _ subject: String, _ extensions: String, days: Int) throws {
        try openssl(TestCertificates.newKey + ["-subj", subject, "-keyout", name + ".key", "-out", name + ".csr"])
        try directory.write(extensions + "\n", to: name + ".ext")
        try openssl([
            "x509", "-req", "-days", String(days), "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-extfile", name + ".ext", "-out", name + ".crt",
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        try Command.run("openssl", arguments, in: directory.url)
    }
}
