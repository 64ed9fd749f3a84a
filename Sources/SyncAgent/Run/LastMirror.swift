import DirectoryModel

/// The mirror of the last applied run, read from the roster at most once, and only when somebody asks.
final class LastMirror {
    private let load: () throws -> Mirror
    private var known: Mirror?

    init(_ load: @escaping () throws -> Mirror) { self.load = load }

    func mirror() throws -> Mirror {
        if let known { return known }
        let mirror = try load()
        known = mirror
        return mirror
    }
}
