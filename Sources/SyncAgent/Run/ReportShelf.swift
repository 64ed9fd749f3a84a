import Glibc

/// `state/reports/`: the reports of the last runs, and links to the newest.
struct ReportShelf {
    static let name = "reports"
    let directory: OpenDirectory

    init(state: OpenDirectory) throws(FileError) {
        directory = try state.subdirectory(ReportShelf.name)
    }

    /// Writes the report of a run in each format; the paths.
    func put(
        run: Int64, formats: [ReportFormat], _ render: (ReportFormat, _ sink: @escaping ([UInt8]) -> Void) -> Void
    ) throws(FileError) -> [String] {
        let names = formats.map { "run-\(run).\(ReportShelf.ending($0))" }
        try AtomicFile.write(names, in: directory) { place, sink in render(formats[place], sink) }
        for (format, name) in zip(formats, names) {
            try AtomicFile.link("latest.\(ReportShelf.ending(format))", to: name, in: directory)
        }
        return names.map { FilePath.joined(directory.path, $0) }
    }

    /// Whether there is a report of the run, in any format.
    func holds(run: Int64) throws(FileError) -> Bool {
        try directory.names().contains { ReportShelf.run($0) == run }
    }

    private static func ending(_ format: ReportFormat) -> String { format == .text ? "txt" : "json" }

    /// Removes reports of all but the newest runs.
    func keep(_ most: Int) throws(FileError) {
        let names = try directory.names()
        let runs = Set(names.compactMap(ReportShelf.run)).sorted(by: >)
        guard runs.count > most else { return }
        let old = Set(runs.dropFirst(most))
        for name in names {
            if let run = ReportShelf.run(name), old.contains(run) { try directory.remove(name) }
        }
    }

    /// `run-812.txt` → 812.
    static func run(_ name: String) -> Int64? {
        guard name.hasPrefix("run-") else { return nil }
        let digits = name.utf8.dropFirst(4).prefix { (0x30...0x39).contains($0) }
        let ending = name.utf8.dropFirst(4 + digits.count)
        guard ending.elementsEqual(".txt".utf8) || ending.elementsEqual(".json".utf8) else { return nil }
        return Int64(String(Substring(digits)))
    }
}
