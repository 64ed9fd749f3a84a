import DirectoryModel

/// Why an act by hand is not done.
struct ActRefusal: Error {
    var code: String
    var message: String
    var hint: String

    init(_ code: String, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    func finding(_ person: PersonKey) -> Finding {
        Finding(code: code, weight: .severe, person: person, message: message, hint: hint)
    }
}
