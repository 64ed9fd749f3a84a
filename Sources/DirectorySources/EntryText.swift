internal import LDAPClient

/// DNs and the like from entries, made fit for messages.
enum EntryText {
    static func shown(_ text: String) -> String { ServerText.escaped(text.utf8) }
}
