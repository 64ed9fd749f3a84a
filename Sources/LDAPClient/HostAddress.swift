internal import Glibc

/// An address to connect to, as the system writes it.
struct HostAddress: Sendable {
    let family: Int32
    private let bytes: [UInt8]

    /// Lends the address for a call.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) }
    }

    /// The address as numbers: `192.0.2.1`, `2001:db8::1`.
    var text: String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withAddress { address, length in
            getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        }
        guard code == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    enum Failure: Error {
        case unknownName
        case timedOut
    }

    /// The addresses of a host in the order of the system; names are resolved within the limit, which the system has none for.
    static func all(of host: String, port: UInt16, within limit: Duration) throws(Failure) -> [HostAddress] {
        if let numeric = resolve(host, port, AI_NUMERICHOST) { return numeric }
        guard let found = TimedCall.run(within: limit, { resolve(host, port, AI_ADDRCONFIG) }) else { throw .timedOut }
        guard let found, !found.isEmpty else { throw .unknownName }
        return found
    }

    private static func resolve(_ host: String, _ port: UInt16, _ flags: Int32) -> [HostAddress]? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var found: [HostAddress] = []
        var next = list
        while let info = next?.pointee {
            let bytes = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
            found.append(HostAddress(family: info.ai_family, bytes: Array(bytes)))
            next = info.ai_next
        }
        return found
    }
}
