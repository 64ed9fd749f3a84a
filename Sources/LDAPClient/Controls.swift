internal import CLDAP

/// A control sent with a request (RFC 4511 §4.1.11).
package struct RequestControl: Sendable, Equatable {
    package var oid: String
    /// Whether a server that does not know it must refuse the request instead of ignoring it.
    package var isCritical: Bool
    /// BER of the control's own type; nil where it has none.
    package var value: [UInt8]?

    package init(_ oid: String, isCritical: Bool = true, value: [UInt8]? = nil) {
        self.oid = oid
        self.isCritical = isCritical
        self.value = value
    }
}

/// A control that came with an answer.
package struct ResponseControl: Sendable, Equatable {
    package var oid: String
    /// BER of the control's own type; nil where it has none.
    package var value: [UInt8]?

    package init(oid: String, value: [UInt8]? = nil) {
        self.oid = oid
        self.value = value
    }
}

/// A message in the middle of an operation that is neither an entry nor its end (RFC 4511 §4.13).
package struct IntermediateResponse: Sendable, Equatable {
    /// What kind of message it is; empty where the server does not say.
    package var oid: String
    package var value: [UInt8]?
    package var controls: [ResponseControl]

    package init(oid: String, value: [UInt8]? = nil, controls: [ResponseControl] = []) {
        self.oid = oid
        self.value = value
        self.controls = controls
    }
}

extension [ResponseControl] {
    /// The value of the first control of this kind; nil when there is none, or it has no value.
    package func value(of oid: String) -> [UInt8]? { first { $0.oid == oid }?.value }

    /// Copies what libldap parsed; the list still has to be freed by whoever got it.
    init(copying list: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?) {
        self = []
        guard let list else { return }
        var next = list
        while let control = next.pointee?.pointee {
            append(ResponseControl(control))
            next += 1
        }
    }
}

extension ResponseControl {
    fileprivate init(_ control: LDAPControl) {
        oid = control.ldctl_oid.map { String(cString: $0) } ?? ""
        value = [UInt8](copying: control.ldctl_value)
    }
}

extension [UInt8] {
    /// The bytes of a value of libldap; nil where there is none.
    init?(copying value: berval) {
        guard let start = value.bv_val else { return nil }
        self.init(UnsafeRawBufferPointer(start: start, count: Int(value.bv_len)))
    }
}

/// Controls in the form that libldap takes them, for the time of a call.
struct ControlList: ~Copyable {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>
    private let count: Int

    init(_ controls: [RequestControl]) {
        count = controls.count
        pointer = .allocate(capacity: controls.count + 1)
        pointer.initialize(repeating: nil, count: controls.count + 1)
        for (place, control) in controls.enumerated() { pointer[place] = ControlList.copy(of: control) }
    }

    deinit {
        for place in 0..<count { ldap_control_free(pointer[place]) }
        pointer.deallocate()
    }

    /// An empty value is not the same as none, so it keeps a place in memory.
    private static func copy(of control: RequestControl) -> UnsafeMutablePointer<LDAPControl>? {
        var made: UnsafeMutablePointer<LDAPControl>?
        guard let value = control.value else {
            ldap_control_create(control.oid, control.isCritical ? 1 : 0, nil, 1, &made)
            return made
        }
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: value.count + 1)
        defer { bytes.deallocate() }
        for (place, byte) in value.enumerated() { bytes[place] = CChar(bitPattern: byte) }
        var content = berval(bv_len: ber_len_t(value.count), bv_val: bytes)
        ldap_control_create(control.oid, control.isCritical ? 1 : 0, &content, 1, &made)
        return made
    }
}
