/// How a search ended that the server did answer.
package struct SearchEnd: Sendable, Equatable {
    package var code: Int32
    /// What the server said with the code, escaped and cut; on a healthy search nothing.
    package var text: String
    /// The deepest entry that there is above a base that there is not, escaped and cut.
    package var matched = ""
    package var entries: Int
    /// References to other servers among the entries (RFC 4511 §4.5.3), each counted.
    package var references: Int
    /// The URLs of those references, each once, in the order they came, escaped; at most `maximumReferences` of them.
    package var referenceURLs: [String]
    /// Whether there were more URLs than are kept: then nobody can say that all of them are harmless.
    package var hasMoreReferenceURLs = false
    /// Where the result itself, code 10, says that the base is.
    package var referral: [String] = []
    /// Controls that came with the result of the last page.
    package var controls: [ResponseControl] = []

    package static let maximumReferences = 100

    package init(code: Int32, text: String, entries: Int, references: Int, referenceURLs: [String] = []) {
        self.code = code
        self.text = text
        self.entries = entries
        self.references = references
        self.referenceURLs = referenceURLs
    }

    /// The first reference, for a message; empty where there is none.
    package var firstReference: String { referenceURLs.first ?? "" }

    package var resultClass: ResultClass { ResultClass(code: code) }

    /// Whether the answer is whole as far as one search can tell: success, nothing said beside it, no part elsewhere.
    package var isWhole: Bool { code == 0 && text.isEmpty && references == 0 }

    mutating func add(references urls: [String]) {
        references += 1
        for url in urls where !referenceURLs.contains(url) {
            guard referenceURLs.count < SearchEnd.maximumReferences else {
                hasMoreReferenceURLs = true
                return
            }
            referenceURLs.append(url)
        }
    }
}
