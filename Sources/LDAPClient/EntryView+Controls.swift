internal import CLDAP

extension EntryView {
    /// The controls that came with the entry, copied: to be asked only where the search asked for some.
    package func controls() throws(BERFault) -> [ResponseControl] {
        guard let (handle, message) = message else { return [] }
        var list: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        guard ldap_get_entry_controls(handle, message, &list) == LDAP_SUCCESS else { throw .truncated }
        defer { ldap_controls_free(list) }
        return [ResponseControl](copying: list)
    }

    /// Lends the value of one control that came with the entry; nil when it did not come, or without a value.
    package func withControl<Result>(
        _ oid: String, _ body: (UnsafeRawBufferPointer) throws(BERFault) -> Result
    ) throws(BERFault) -> Result? {
        guard let (handle, message) = message else { return nil }
        var list: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        guard ldap_get_entry_controls(handle, message, &list) == LDAP_SUCCESS else { throw .truncated }
        defer { ldap_controls_free(list) }
        guard let value = ldap_control_find(oid, list, nil)?.pointee.ldctl_value, let start = value.bv_val else {
            return nil
        }
        return try body(UnsafeRawBufferPointer(start: start, count: Int(value.bv_len)))
    }
}
