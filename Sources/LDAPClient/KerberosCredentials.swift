internal import CLDAP
internal import Glibc

/// What says who we are in Kerberos: keys in a keytab, or tickets that somebody else keeps fresh.
package struct KerberosCredentials: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// Path of a keytab; a ticket is got by its key for each bind and kept in memory.
        case keytab(String)
        /// A credential cache: a path, or a name such as `KEYRING:persistent:1000`.
        case cache(String)
    }

    package var source: Source
    /// Whose key of the keytab to use, such as `rollcall@EXAMPLE.ORG`; nil takes the first.
    package var principal: String?

    package init(_ source: Source, principal: String? = nil) {
        self.source = source
        self.principal = principal
    }

    /// Gets a ticket where there is a keytab; what went wrong, if anything did.
    func obtainTicket(into tickets: TicketCache) -> KerberosFault? {
        guard case .keytab(let path) = source else { return nil }
        let owner: String
        switch principal(of: path) {
        case .failure(let fault): return fault
        case .success(let found): owner = found
        }
        var reason = [CChar](repeating: 0, count: 500)
        let code = cldap_kerberos_ticket("FILE:" + path, owner, tickets.name, &reason, reason.count)
        guard code != 0 else { return nil }
        guard code != -1 else { return .missingMechanism }
        return KerberosFault(reason: ServerText.escaped(reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }))
    }

    /// Whose key to use, if the keytab has one.
    private func principal(of path: String) -> Swift.Result<String, KerberosFault> {
        guard let bytes = KerberosCredentials.read(path) else {
            return .failure(.unreadableKeytab(path: path, reason: String(cString: strerror(errno)).lowercased()))
        }
        guard let principals = Keytab.principals(in: bytes), let first = principals.first else {
            return .failure(.unreadableKeytab(path: path, reason: "it is not a keytab, or holds no keys"))
        }
        guard let principal else { return .success(first) }
        guard principals.contains(principal) else {
            return .failure(.otherPrincipal(wanted: principal, found: ServerText.escaped(first.utf8)))
        }
        return .success(principal)
    }

    /// At most a megabyte; a keytab is a few hundred bytes.
    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 1 << 20 {
            let length = Glibc.read(descriptor, &buffer, buffer.count)
            guard length >= 0 else { return nil }
            if length == 0 { break }
            bytes += buffer[..<length]
        }
        return bytes
    }
}

/// A file of keys (MIT Kerberos, format 0x502), read for whose they are only.
package enum Keytab {
    /// The principals in the order of the file, each once; nil when it is no keytab.
    package static func principals(in bytes: [UInt8]) -> [String]? {
        var reader = Reader(bytes: bytes)
        guard reader.number(2) == 0x502 else { return nil }
        var found: [String] = []
        while reader.place < bytes.count {
            guard let size = reader.number(4).map({ Int(Int32(truncatingIfNeeded: $0)) }) else { return nil }
            let length = abs(size)
            guard length > 0, length <= bytes.count - reader.place else { return size == 0 ? found : nil }
            let end = reader.place + length
            if size > 0 {
                guard let principal = reader.principal(), reader.place <= end else { return nil }
                if !found.contains(principal) { found.append(principal) }
            }
            reader.place = end
        }
        return found
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func number(_ size: Int) -> Int? {
            guard bytes.count - place >= size else { return nil }
            defer { place += size }
            return bytes[place..<(place + size)].reduce(0) { $0 << 8 | Int($1) }
        }

        mutating func text() -> String? {
            guard let length = number(2), bytes.count - place >= length else { return nil }
            defer { place += length }
            return String(validating: bytes[place..<(place + length)], as: UTF8.self)
        }

        mutating func principal() -> String? {
            guard let count = number(2), count > 0, let realm = text() else { return nil }
            var parts: [String] = []
            for _ in 0..<count {
                guard let part = text() else { return nil }
                parts.append(part)
            }
            return parts.joined(separator: "/") + "@" + realm
        }
    }
}
