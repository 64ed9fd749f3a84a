/// Object identifiers of controls that more than one part of the program speaks of.
package enum ControlType {
    /// Answers in pages (RFC 2696).
    package static let pagedResults = "1.2.840.113556.1.4.319"
    /// Active Directory's deleted objects among the others (MS-ADTS §3.1.1.3.4.1.14).
    package static let showDeleted = "1.2.840.113556.1.4.417"
}
