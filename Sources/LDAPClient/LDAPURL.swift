/// The address of one server: `ldap://host:port`, `ldaps://host:port` or `ldapi://` with a percent-encoded path.
package struct LDAPURL: Sendable, Hashable {
    package enum Scheme: String, Sendable { case ldap, ldaps, ldapi }

    package let scheme: Scheme
    /// Host name or address without brackets; for `ldapi` the path, still percent-encoded.
    package let host: String
    package let port: UInt16

    /// The address in a URL; nil when it is not one of the three kinds, or holds more than scheme, host and port.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }), let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard let scheme = Scheme(rawValue: name), bytes[(colon + 1)...].starts(with: "//".utf8) else { return nil }
        var rest = bytes[(colon + 3)...]
        if rest.last == UInt8(ascii: "/") { rest.removeLast() }
        guard !rest.contains(where: { "/?#@\\ ".utf8.contains($0) }) else { return nil }
        guard let place = LDAPURL.place(rest, scheme) else { return nil }
        self.scheme = scheme
        (host, port) = place
    }

    private static func place(_ rest: ArraySlice<UInt8>, _ scheme: Scheme) -> (String, UInt16)? {
        guard scheme != .ldapi else { return rest.isEmpty ? nil : (String(decoding: rest, as: UTF8.self), 0) }
        var host = rest
        var after = rest[rest.endIndex...]
        if rest.first == UInt8(ascii: "[") {
            guard let close = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = rest[(rest.startIndex + 1)..<close]
            after = rest[(close + 1)...]
        } else if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            host = rest[..<colon]
            after = rest[colon...]
        }
        guard !host.isEmpty else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        if after.isEmpty { return (name, scheme == .ldaps ? 636 : 389) }
        guard after.first == UInt8(ascii: ":"), let port = UInt16(String(decoding: after.dropFirst(), as: UTF8.self)),
            port > 0
        else { return nil }
        return (name, port)
    }

    /// Whether what is sent stays on this machine, so that it may go without TLS.
    package var isLocal: Bool {
        if scheme == .ldapi || host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension LDAPURL: CustomStringConvertible {
    package var description: String {
        guard scheme != .ldapi else { return "ldapi://\(host)" }
        return "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
