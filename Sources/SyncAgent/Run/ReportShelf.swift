import Glibc

/// `state/reports/`: the reports of the last runs, and links to the newest.
struct ReportShelf {
    static let name = "reports"
    let directory: OpenDirectory

    init(state: OpenDirectory) throws(FileError) {
        directory = try state.subdirectory(ReportShelf.name)
    }

    /// The page that lists all reports.
    static let index = "index.html"

    /// Writes the report of a run in each format, and the page that lists all, where there is one; the paths of the reports.
    func put(
        run: Int64, formats: [ReportFormat], index: [UInt8]? = nil,
        _ render: (ReportFormat, _ sink: @escaping ([UInt8]) -> Void) -> Void
    ) throws(FileError) -> [String] {
        let names = formats.map { "run-\(run).\($0.ending)" }
        let indexes = index == nil ? [] : [ReportShelf.index]
        try AtomicFile.write(names + indexes, in: directory) { place, sink in
            if place < formats.count { render(formats[place], sink) } else if let index { sink(index) }
        }
        for (format, name) in zip(formats, names) {
            try AtomicFile.link("latest.\(format.ending)", to: name, in: directory)
        }
        return names.map { FilePath.joined(directory.path, $0) }
    }

    /// The runs that reports will be kept of once one more is written, the newest first, with the endings of their files.
    func kept(with run: Int64, in formats: [ReportFormat], most: Int) throws(FileError) -> [(
        run: Int64, endings: [String]
    )] {
        var endings: [Int64: Set<String>] = [run: Set(formats.map(\.ending))]
        for name in try directory.names() {
            guard let number = ReportShelf.run(name) else { continue }
            endings[number, default: []].insert(
                String(Substring(name.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst())))
        }
        let order = ReportFormat.allCases.map(\.ending)
        return endings.keys.sorted(by: >).prefix(most).map { number in
            (number, order.filter { endings[number]?.contains($0) == true })
        }
    }

    /// Whether there is a report of the run, in any format.
    func holds(run: Int64) throws(FileError) -> Bool {
        try directory.names().contains { ReportShelf.run($0) == run }
    }

    /// Removes reports of all but the newest runs, and a list of them that nobody brings up to date any more.
    func keep(_ most: Int, hasIndex: Bool) throws(FileError) {
        let names = try directory.names()
        if !hasIndex, names.contains(ReportShelf.index) { try directory.remove(ReportShelf.index) }
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
        guard ReportFormat.allCases.contains(where: { ending.elementsEqual(".\($0.ending)".utf8) }) else { return nil }
        return Int64(String(Substring(digits)))
    }
}
