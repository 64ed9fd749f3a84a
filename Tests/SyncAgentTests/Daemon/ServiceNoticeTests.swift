import Glibc
import TestSupport
import Testing

@testable import SyncAgent

/// What a service manager hears.
struct ServiceNoticeTests {
    @Test(arguments: [
        (ServiceState.ready, "READY=1"), (.stopping, "STOPPING=1"), (.alive, "WATCHDOG=1"),
        (.reloading, "RELOADING=1\nMONOTONIC_USEC=42"), (.status("next run soon"), "STATUS=next run soon"),
        (.status("one\nREADY=1"), "STATUS="),
    ])
    func statesHaveTheWordsOfTheProtocol(_ state: ServiceState, _ text: String) {
        #expect(ServiceNotice.text(state, microseconds: 42) == text)
    }

    /// Both kinds of socket that systemd uses.
    @Test(arguments: [false, true])
    func socketHearsWhatIsTold(_ isAbstract: Bool) throws {
        let folder = try TemporaryDirectory()
        let socket = try NoticeSocket(isAbstract ? "@rollcall-\(UInt64.random(in: 0 ... .max))" : folder.path("notify"))
        let notice = try #require(ServiceNotice(socket: socket.name))
        notice.tell(.ready)
        notice.tell(.status("following corp"))
        #expect(socket.next() == "READY=1")
        #expect(socket.next() == "STATUS=following corp")
    }

    @Test func nobodyListeningIsNoFailure() throws {
        let folder = try TemporaryDirectory()
        try #require(ServiceNotice(socket: folder.path("nobody"))).tell(.ready)
    }

    @Test(arguments: ["", "/", "@", "relative", "vsock:2:1234", "/" + String(repeating: "x", count: 200)])
    func otherAddressesAreNone(_ path: String) { #expect(ServiceNotice(socket: path) == nil) }
}
