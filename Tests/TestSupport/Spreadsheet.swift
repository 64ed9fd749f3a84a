package import Foundation

/// LibreOffice without a window: opens sheets as a person does who picks what parts their cells.
package struct Spreadsheet {
    /// What is seen of a sheet once it is open.
    package struct Sheet: Decodable, Sendable {
        /// Without what is empty at the end of a row.
        package var rows: [[String]]
        package var formulas: [String]
    }

    /// What parts cells, as filters of LibreOffice number it.
    package enum Separator: Int, CaseIterable, Sendable {
        case comma = 44
        case semicolon = 59
        case tab = 9
    }

    /// How what stands in a cell is taken.
    package enum Columns: Sendable {
        /// As LibreOffice thinks: numbers and days become what it takes them for.
        case guessed
        /// Each as text.
        case text

        /// Of any number of columns that a sheet of Rollcall has.
        fileprivate var filter: String {
            switch self {
            case .guessed: ""
            case .text: ",1," + (1...50).map { "\($0)/2" }.joined(separator: "/")
            }
        }
    }

    /// With a profile of its own, so that nothing that somebody has set matters, nor another start at the same time.
    private let folder: TemporaryDirectory

    package init() throws { folder = try TemporaryDirectory() }

    /// Opens all of the files in one start; by their names without ending.
    package func open(
        _ files: [URL], partedBy separator: Separator, columns: Columns = .guessed
    ) throws -> [String: Sheet] {
        let opened = folder.url.appendingPathComponent("\(separator)-\(columns)")
        try start(
            ["--infilter=CSV:\(separator.rawValue),34,76\(columns.filter)", "--convert-to", "fods"], files, opened)
        let paths = files.map {
            opened.appendingPathComponent($0.deletingPathExtension().lastPathComponent + ".fods").path
        }
        let tool = Repository.root.appendingPathComponent("Tests/TestSupport/Tools/read_spreadsheet.py").path
        let said = try Command.output("python3", [tool] + paths)
        return try JSONDecoder().decode([String: Sheet].self, from: Data(said.utf8))
    }

    /// Opens a sheet with commas between the cells, and saves it again as one; the path of the new file.
    package func saved(_ file: URL) throws -> URL {
        let saved = folder.url.appendingPathComponent("saved")
        try start(
            ["--infilter=CSV:44,34,76", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"], [file], saved)
        return saved.appendingPathComponent(file.lastPathComponent)
    }

    private func start(_ options: [String], _ files: [URL], _ made: URL) throws {
        let profile = "-env:UserInstallation=\(folder.url.appendingPathComponent("profile").absoluteString)"
        _ = try Command.output(
            "timeout",
            ["600", Command.path("soffice"), "--headless", profile] + options + ["--outdir", made.path]
                + files.map(\.path))
    }
}
