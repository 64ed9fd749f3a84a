internal import DirectoryModel

/// One thing that a directory said of its state, as it is kept with a run: `label=…`, or the bare text of a `contextCSN`.
enum StampFact: Equatable {
    /// OpenLDAP: the newest change that one server wrote, `time#count#writer#part`.
    case change(writer: String, text: String)
    /// Active Directory: how far the data of one database had come.
    case sequence(database: String, Int64)
    /// 389 Directory Server: the last number of a backend, which only that server counts by.
    case entries(backend: String, Int64)
    /// A naming context that holds some base.
    case suffix(String)
    /// The identifier of an Active Directory domain.
    case domain(String)
    /// Of how many people an attribute was seen.
    case shown(attribute: String, Int, of: Int)
    /// How many people were found under a base.
    case people(base: String, Int)
    /// How many groups were found under a base.
    case groups(base: String, Int)
    /// A hash of where and by what people, or groups, are looked for: figures of another search cannot be compared.
    case scope(String)
    /// A hash of the name of the account that reads, whose own entry was seen.
    case own(String)

    /// nil for text of a kind that is not known: a later version may have written it.
    init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else {
            let parts = text.split(separator: "#", omittingEmptySubsequences: false)
            guard parts.count == 4 else { return nil }
            self = .change(writer: String(parts[2]), text: text)
            return
        }
        let value = text[text.index(after: equals)...]
        switch text[..<equals] {
        case "suffix": self = .suffix(String(value))
        case "domain": self = .domain(String(value))
        case "scope": self = .scope(String(value))
        case "own": self = .own(String(value))
        case "usn":
            guard let (name, number) = StampFact.numbered(value) else { return nil }
            self = .sequence(database: name, number)
        case "lastusn":
            guard let (name, number) = StampFact.numbered(value) else { return nil }
            self = .entries(backend: name, number)
        case "people":
            guard let (base, count) = StampFact.counted(value) else { return nil }
            self = .people(base: base, count)
        case "groups":
            guard let (base, count) = StampFact.counted(value) else { return nil }
            self = .groups(base: base, count)
        case "shown":
            let figures = value.split(separator: ":")
            guard figures.count == 2 else { return nil }
            let counts = figures[1].split(separator: "/").compactMap { Int($0) }
            guard counts.count == 2 else { return nil }
            self = .shown(attribute: String(figures[0]), counts[0], of: counts[1])
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .change(_, let text): text
        case .sequence(let database, let number): "usn=\(database):\(number)"
        case .entries(let backend, let number): "lastusn=\(backend):\(number)"
        case .suffix(let name): "suffix=\(name)"
        case .domain(let id): "domain=\(id)"
        case .shown(let attribute, let count, let people): "shown=\(attribute):\(count)/\(people)"
        case .people(let base, let count): "people=\(count):\(base)"
        case .groups(let base, let count): "groups=\(count):\(base)"
        case .scope(let hash): "scope=\(hash)"
        case .own(let hash): "own=\(hash)"
        }
    }

    private static func counted(_ text: Substring) -> (String, Int)? {
        guard let colon = text.firstIndex(of: ":"), let count = Int(text[..<colon]) else { return nil }
        return (String(text[text.index(after: colon)...]), count)
    }

    private static func numbered(_ text: Substring) -> (String, Int64)? {
        guard let colon = text.lastIndex(of: ":"), let number = Int64(text[text.index(after: colon)...]) else {
            return nil
        }
        return (String(text[..<colon]), number)
    }
}
