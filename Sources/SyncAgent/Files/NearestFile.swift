import Diagnostics

/// The file that somebody probably meant who named one that is not there.
enum NearestFile {
    /// A file beside it with nearly the same name and the same ending, if one was given; nil where there is none.
    static func of(_ path: String) -> String? {
        let name = FilePath.name(of: path)
        let folder = String(path[..<path.utf8.index(path.utf8.endIndex, offsetBy: -name.utf8.count)])
        guard !name.isEmpty,
            let names = try? OpenDirectory.open(FilePath.directory(of: path), links: .follow).names()
        else { return nil }
        let wanted = parts(name)
        var files: [String: String] = [:]
        for other in names where other.utf8.first != UInt8(ascii: ".") {
            let found = parts(other)
            if wanted.ending.isEmpty || wanted.ending == found.ending { files[found.stem] = other }
        }
        return NearestName.of(wanted.stem, in: files.keys).flatMap { files[$0] }.map { folder + $0 }
    }

    private static func parts(_ name: String) -> (stem: String, ending: String) {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.utf8.startIndex else {
            return (name, "")
        }
        return (String(name[..<dot]), String(name[dot...]))
    }
}
