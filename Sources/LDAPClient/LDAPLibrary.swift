internal import CLDAP
internal import Glibc

/// libldap itself, set up once for the process before anything else is asked of it.
package enum LDAPLibrary {
    /// What the library was built with.
    struct Build: Sendable {
        /// 20513 is 2.5.13.
        var version: Int32
        /// "GnuTLS" or "OpenSSL".
        var tlsPackage: String

        /// Before 2.6.9 a TLS handshake has no time limit unless the connection is made asynchronously (ITS#8047).
        var needsAsyncConnect: Bool { version < 20609 }
    }

    /// Keeps `ldap.conf`, `ldaprc` and `LDAP…` variables from changing what was configured here, and a broken pipe from ending the process.
    ///
    /// Where a cache has no ticket, the Kerberos library looks for a keytab of the machine or a cache of the user by itself: there is none, for
    /// whoever we bind as, it is as configured. Only the environment can say so, and it is set before there are other threads to read it.
    static let build: Build = {
        setenv("LDAPNOINIT", "1", 1)
        for name in ["KRB5_CLIENT_KTNAME", "KRB5CCNAME"] { setenv(name, "MEMORY:none", 1) }
        signal(SIGPIPE, SIG_IGN)
        var api = LDAPAPIInfo()
        api.ldapai_info_version = LDAP_API_INFO_VERSION
        var version: Int32 = 0
        if ldap_get_option(nil, LDAP_OPT_API_INFO, &api) == LDAP_OPT_SUCCESS {
            version = api.ldapai_vendor_version
            ldap_memfree(api.ldapai_vendor_name)
            ber_memvfree(
                UnsafeMutableRawPointer(api.ldapai_extensions)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self))
        }
        var package: UnsafeMutablePointer<CChar>?
        var name = ""
        if ldap_get_option(nil, LDAP_OPT_X_TLS_PACKAGE, &package) == LDAP_OPT_SUCCESS, let package {
            name = String(cString: package)
            ldap_memfree(package)
        }
        return Build(version: version, tlsPackage: name)
    }()

    /// The library's own words for a result code.
    static func text(of code: Int32) -> String {
        ldap_err2string(code).map { String(cString: $0) } ?? "result code \(code)"
    }
}
