internal import Glibc

/// A connected, non-blocking socket to a server, made within a time limit.
///
/// libldap would connect by itself, but cannot say why it failed, and its own time limits have gaps; so it is given a connection that stands.
enum ConnectedSocket {
    enum Failure: Error {
        case unreachable(String)
        case timedOut
        /// What the connection is for has to be over.
        case isTooLate
    }

    /// How long to wait for an address, and what ends the wait before.
    struct Patience {
        var timeout: Duration
        /// When everything has to be over.
        var deadline: ContinuousClock.Instant?
        var stop: StopFlag?

        var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
    }

    /// Tries each address of the host until one accepts; finding the addresses, and each of them, may take as long as
    /// `timeouts.connect`, all together until the deadline.
    static func open(
        _ server: LDAPURL, _ settings: ConnectionSettings, until deadline: ContinuousClock.Instant? = nil
    ) throws(Failure) -> Int32 {
        let patience = Patience(timeout: settings.timeouts.connect, deadline: deadline, stop: settings.stop)
        guard server.scheme != .ldapi else { return try openLocal(server.host, patience) }
        var last = Failure.unreachable("the host name has no address")
        for address in try addresses(of: server, settings) {
            if patience.isOver { throw .isTooLate }
            do throws(Failure) {
                let descriptor = try connect(address, patience)
                setTCPOptions(descriptor)
                return descriptor
            } catch { last = error }
        }
        throw last
    }

    /// The addresses of a server's host, in the order of the system, found within the time limit of connecting.
    static func addresses(of server: LDAPURL, _ settings: ConnectionSettings) throws(Failure) -> [HostAddress] {
        var addresses: [HostAddress] = []
        do throws(HostAddress.Failure) {
            for name in settings.names(of: server.host) {
                addresses += try HostAddress.all(of: name, port: server.port, within: settings.timeouts.connect)
            }
        } catch {
            throw .unreachable(
                error == .timedOut
                    ? "its name was not resolved within `timeouts.connect`" : "the host name cannot be resolved")
        }
        return addresses
    }

    static func connect(_ address: HostAddress, _ patience: Patience) throws(Failure) -> Int32 {
        let attempt = address.withAddress { pointer, length -> Swift.Result<Int32, Failure> in
            do throws(Failure) { return .success(try connect(address.family, pointer, length, patience)) } catch {
                return .failure(error)
            }
        }
        return try attempt.get()
    }

    private static func openLocal(_ encoded: String, _ patience: Patience) throws(Failure) -> Int32 {
        guard let path = decoded(encoded) else { throw .unreachable("the socket's path is not percent-encoded") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < room else { throw .unreachable("the socket's path is longer than \(room - 1) bytes") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        return try withUnsafePointer(to: &address) { pointer throws(Failure) -> Int32 in
            let generic = UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return try connect(AF_UNIX, generic, socklen_t(MemoryLayout<sockaddr_un>.size), patience)
        }
    }

    private static func connect(
        _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t, _ patience: Patience
    ) throws(Failure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw .unreachable(text(errno)) }
        if Glibc.connect(descriptor, address, length) == 0 { return descriptor }
        let code = errno
        do throws(Failure) {
            guard code == EINPROGRESS || code == EINTR else { throw .unreachable(text(code)) }
            try wait(descriptor, patience)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Waits until the connection stands or is refused.
    private static func wait(_ descriptor: Int32, _ patience: Patience) throws(Failure) {
        let end = ContinuousClock.now.advanced(by: patience.timeout)
        while true {
            let left = end - .now
            guard left > .zero else { throw .timedOut }
            if patience.isOver { throw .isTooLate }
            if patience.stop?.isRaised == true { throw .unreachable("the wait for it was ended") }
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&state, 1, min(left, .milliseconds(250)).milliseconds) > 0 { break }
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw .unreachable(text(code)) }
    }

    /// Notices a peer that vanished: keep-alive after a minute of silence, a minute for unacknowledged data.
    private static func setTCPOptions(_ descriptor: Int32) {
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        let tcp = Int32(IPPROTO_TCP)
        set(descriptor, tcp, TCP_NODELAY, 1)
        set(descriptor, tcp, TCP_KEEPIDLE, 60)
        set(descriptor, tcp, TCP_KEEPINTVL, 20)
        set(descriptor, tcp, TCP_KEEPCNT, 3)
        set(descriptor, tcp, TCP_USER_TIMEOUT, 60_000)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

    /// The bytes of a percent-encoded path; nil when an escape is broken.
    private static func decoded(_ encoded: String) -> [UInt8]? {
        var out: [UInt8] = []
        var bytes = Array(encoded.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard bytes.count >= 2, let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            out.append(value)
            bytes = bytes.dropFirst(2)
        }
        return out
    }
}
