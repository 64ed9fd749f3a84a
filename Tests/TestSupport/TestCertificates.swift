import Foundation

/// An authority made for the test process, with certificates of a server that are right, for another host, or expired.
package final class TestCertificates: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case server, wronghost, expired
        // Further ones, each wrong in one way.
        case future, cnonly, othername, selfsigned, foreign, clientonly, shortkey, sha1, wildcard, excluded, revoked
    }

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
        try makeWrongOnes()
    }

    /// The list of what the authority took back.
    package var revocationList: String { directory.path("ca.crl") }

    private func makeWrongOnes() throws {
        let here = "subjectAltName=IP:127.0.0.1"
        try sign("cnonly", "/CN=127.0.0.1", "basicConstraints=CA:FALSE", days: 30)
        try sign("othername", "/CN=127.0.0.1", "subjectAltName=DNS:other.example,IP:127.0.0.9", days: 30)
        try sign("clientonly", "/CN=127.0.0.1", here + "\nextendedKeyUsage=clientAuth", days: 30)
        try sign("foreign", "/CN=127.0.0.1", here, days: 30, by: "otherca")
        try sign("shortkey", "/CN=127.0.0.1", here, days: 30, key: ["-newkey", "rsa:1024"])
        try sign("sha1", "/CN=127.0.0.1", here, days: 30, digest: "-sha1", key: ["-newkey", "rsa:2048"])
        try sign("wildcard", "/CN=wildcard", "subjectAltName=DNS:*.example.org", days: 30)
        try sign("revoked", "/CN=127.0.0.1", here, days: 30)
        try openssl(
            TestCertificates.newKey + [
                "-x509", "-days", "30", "-subj", "/CN=127.0.0.1", "-keyout", "selfsigned.key", "-out", "selfsigned.crt",
                "-addext", here,
            ])
        try sign(
            "between", "/CN=Limited authority",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
                + "nameConstraints=critical,excluded;IP:127.0.0.0/255.0.0.0", days: 30)
        try sign("excluded", "/CN=127.0.0.1", here, days: 30, by: "between")
        try Command.run("/bin/sh", ["-c", "cat between.crt >> excluded.crt"], in: directory.url)
        try makeFutureAndList()
    }

    /// What only a whole authority with its book can do: certificates that begin later, and the list of those taken back.
    private func makeFutureAndList() throws {
        try sign("future", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1", days: 30)
        try directory.write("", to: "index.txt")
        try directory.write("01\n", to: "crlnumber")
        try directory.write(
            """
            [ca]
            default_ca = book
            [book]
            dir = .
            database = index.txt
            new_certs_dir = .
            certificate = ca.crt
            private_key = ca.key
            rand_serial = yes
            crlnumber = crlnumber
            default_md = sha256
            default_crl_days = 30
            unique_subject = no
            policy = anything
            [anything]
            commonName = optional

            """, to: "ca.conf")
        try openssl([
            "ca", "-batch", "-config", "ca.conf", "-in", "future.csr", "-extfile", "future.ext", "-out", "future.crt",
            "-notext", "-startdate", "20910101000000Z", "-enddate", "20920101000000Z",
        ])
        try openssl(["ca", "-batch", "-config", "ca.conf", "-valid", "server.crt"])
        try openssl(["ca", "-batch", "-config", "ca.conf", "-revoke", "revoked.crt"])
        try openssl(["ca", "-batch", "-config", "ca.conf", "-gencrl", "-out", "ca.crl"])
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

    private func sign(
        _ name: String, _ subject: String, _ extensions: String, days: Int, by authority: String = "ca",
        digest: String = "-sha256", key: [String]? = nil
    ) throws {
        let newKey = key.map { ["req"] + $0 + ["-nodes"] } ?? TestCertificates.newKey
        try openssl(newKey + ["-subj", subject, "-keyout", name + ".key", "-out", name + ".csr"])
        try directory.write(extensions + "\n", to: name + ".ext")
        try openssl([
            "x509", "-req", "-days", String(days), "-in", name + ".csr", "-CA", authority + ".crt", "-CAkey",
            authority + ".key", "-CAcreateserial", "-extfile", name + ".ext", "-out", name + ".crt", digest,
        ])
    }

    /// What the authority says of a certificate, for a server to hand out with it (RFC 6066 §8): signed and good for days.
    package func stapledAnswer(for name: String) throws -> String {
        let answer = "\(name).ocsp"
        let who = ["ocsp", "-issuer", "ca.crt"]
        try openssl(who + ["-cert", "\(name).crt", "-no_nonce", "-reqout", "\(name).question"])
        try openssl(
            who + [
                "-index", "index.txt", "-CA", "ca.crt", "-rsigner", "ca.crt", "-rkey", "ca.key", "-ndays", "5",
                "-reqin", "\(name).question", "-respout", answer,
            ])
        return directory.path(answer)
    }

    /// The hash of a certificate's key as `pin_sha256` wants it.
    package func pin(_ name: String) throws -> String {
        let pipe =
            "openssl x509 -in $0 -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"
        let said = try Command.output("/bin/sh", ["-c", pipe, certificate(name)], in: directory.url)
        return said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func openssl(_ arguments: [String]) throws {
        try Command.run("openssl", arguments, in: directory.url)
    }
}
