import Foundation
import Glibc

/// A Kerberos realm of its own for a test: a real KDC on a free loopback port, with a service and a client.
///
/// Client and server learn of it by the environment only; the machine's own Kerberos settings are not touched.
package final class KerberosFixture: Sendable {
    package static let realm = "EXAMPLE.TEST"
    package static let client = "rollcall@EXAMPLE.TEST"

    /// The host of the service's principal, `ldap/HOST`.
    package let host: String
    package let port: UInt16
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    /// Settings of the realm, for `KRB5_CONFIG`.
    package var configuration: String { directory.path("krb5.conf") }
    /// Keys of the service, for `KRB5_KTNAME` of the directory server.
    package var serviceKeytab: String { directory.path("service.keytab") }
    /// Keys of the client, for `KRB5_CLIENT_KTNAME`.
    package var clientKeytab: String { directory.path("client.keytab") }
    /// Where the client's tickets go, for `KRB5CCNAME`.
    package var cache: String { "FILE:" + directory.path("cache") }

    /// What a client needs in its environment.
    package var clientEnvironment: [String: String] {
        ["KRB5_CONFIG": configuration, "KRB5_CLIENT_KTNAME": clientKeytab, "KRB5CCNAME": cache]
    }

    /// What the directory server needs in its environment.
    package var serviceEnvironment: [String: String] {
        ["KRB5_CONFIG": configuration, "KRB5_KTNAME": serviceKeytab]
    }

    /// A realm in which the directory server is `ldap/HOST`.
    package init(host: String = "localhost") throws {
        self.host = host
        directory = try TemporaryDirectory()
        port = try SlapdFixture.freePort()
        process = try ServerProcess(
            "krb5kdc", ["-n", "-r", KerberosFixture.realm], in: directory.url,
            environment: [
                "KRB5_CONFIG": directory.path("krb5.conf"), "KRB5_KDC_PROFILE": directory.path("kdc.conf"),
            ])
        try writeSettings()
        try run("kdb5_util", ["create", "-s", "-r", KerberosFixture.realm, "-P", "master"])
        try administer("addprinc -randkey ldap/\(host)")
        try administer("addprinc -randkey rollcall")
        try administer("ktadd -k \(serviceKeytab) ldap/\(host)")
        try administer("ktadd -k \(clientKeytab) rollcall")
        try process.start(within: .seconds(20)) {
            LoopbackSocket.connect(to: port).map { close($0) } != nil
        }
    }

    /// Lets clients ask at another port from now on.
    package func redirect(to port: UInt16) throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try directory.write(
            text.replacing("kdc = 127.0.0.1:\(self.port)", with: "kdc = 127.0.0.1:\(port)"), to: "krb5.conf")
    }

    /// Lets whoever names no keytab have the client's.
    package func nameDefaultKeytab() throws {
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        let line = "    default_client_keytab_name = FILE:\(clientKeytab)\n"
        try directory.write(text.replacing("[libdefaults]\n", with: "[libdefaults]\n" + line), to: "krb5.conf")
    }

    /// Ends the KDC at once.
    package func stop() { process.stop() }

    /// Gets the client's ticket into the cache; `lifetime` in Kerberos's words, such as `5m`.
    package func obtainTicket(lifetime: String = "1h") throws {
        try run("kinit", ["-l", lifetime, "-k", "-t", clientKeytab, KerberosFixture.client])
    }

    private func administer(_ query: String) throws {
        try run("kadmin.local", ["-r", KerberosFixture.realm, "-q", query])
    }

    private func run(_ name: String, _ arguments: [String]) throws {
        let environment = clientEnvironment.merging(["KRB5_KDC_PROFILE": directory.path("kdc.conf")]) { $1 }
        try Command.run(name, arguments, in: directory.url, environment: environment)
    }

    private func writeSettings() throws {
        let realm = KerberosFixture.realm
        try directory.write(
            """
            [libdefaults]
                default_realm = \(realm)
                dns_lookup_kdc = false
                dns_lookup_realm = false
                dns_canonicalize_hostname = false
                rdns = false
                udp_preference_limit = 1
            [realms]
                \(realm) = {
                    kdc = 127.0.0.1:\(port)
                }
            [domain_realm]
                \(host) = \(realm)

            """, to: "krb5.conf")
        try directory.write(
            """
            [kdcdefaults]
                kdc_listen = 127.0.0.1:\(port)
                kdc_tcp_listen = 127.0.0.1:\(port)
            [realms]
                \(realm) = {
                    database_name = \(directory.path("principal"))
                    key_stash_file = \(directory.path("stash"))
                    acl_file = \(directory.path("acl"))
                    max_life = 12h
                }
            [logging]
                kdc = FILE:\(directory.path("kdc.log"))

            """, to: "kdc.conf")
    }
}
