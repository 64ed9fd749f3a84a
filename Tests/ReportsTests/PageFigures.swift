import Foundation

/// Figures that stand in a report for people, read from it as people read them.
enum PageFigures {
    // MARK: Text

    /// The lines below a heading, up to the next empty one, without what is further to the right.
    static func lines(_ text: String, below heading: String, indent: Int = 4) -> [String] {
        guard let block = text.components(separatedBy: "\n  \(heading)\n").dropFirst().first else { return [] }
        return block.components(separatedBy: "\n").prefix { !$0.isEmpty }.filter { line in
            line.utf8.dropFirst(indent).first != 0x20
        }.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The lines below a heading at the head of a report, up to the next empty one.
    static func head(_ text: String, below heading: String) -> [String] {
        guard let block = text.components(separatedBy: "\n\(heading)\n").dropFirst().first else { return [] }
        return block.components(separatedBy: "\n").prefix { !$0.isEmpty }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Causes line up at the right of their numbers.
    static func causes(_ text: String) -> [String] {
        guard let block = text.components(separatedBy: "\n  By cause\n").dropFirst().first else { return [] }
        return block.components(separatedBy: "\n").prefix { !$0.isEmpty }
            .map { $0.trimmingCharacters(in: .whitespaces) }.sorted()
    }

    // MARK: HTML

    /// The figures beside the kinds that a page offers to filter by.
    static func chips(_ page: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for part in page.components(separatedBy: "<input type=\"checkbox\" value=\"").dropFirst() {
            let name = part.components(separatedBy: "\"").first ?? ""
            let figure = part.components(separatedBy: "<span class=\"faint\">").dropFirst().first?
                .components(separatedBy: "<").first
            counts[name] = figure.flatMap(number)
        }
        return counts
    }

    /// The figures at the head of each cause, and how many rows stand under all of them, by kind.
    static func causesOfPage(_ page: String) -> (heads: [String: Int], rows: [String: Int]) {
        var heads: [String: Int] = [:]
        var rows: [String: Int] = [:]
        for part in page.components(separatedBy: "<details class=\"cause").dropFirst() {
            guard
                let name = part.components(separatedBy: " data-kind=\"").dropFirst().first?
                    .components(separatedBy: "\"").first
            else { continue }
            let bold = part.components(separatedBy: "</span> <b class=\"").dropFirst().first?
                .components(separatedBy: ">").dropFirst().first
            heads[name, default: 0] += bold?.components(separatedBy: " ").first.flatMap(number) ?? 0
            rows[name, default: 0] += part.components(separatedBy: "<details class=\"row\">").count - 1
        }
        return (heads, rows)
    }

    /// The words of a page, without its elements.
    static func words(_ page: String) -> String {
        page.replacingOccurrences(of: "<[^>]*>", with: "", options: .regularExpression)
    }

    /// How many people the first cause moves that the overview of a page names; nil where it names none.
    static func mostlyOfPage(_ page: String) -> Int? {
        guard let overview = page.components(separatedBy: "<h2>What happens</h2>").dropFirst().first,
            let cell = overview.components(separatedBy: "</td><td>").dropFirst().first
        else { return nil }
        return cell.components(separatedBy: " ").first.flatMap(number)
    }

    // MARK: Markdown

    /// The same of the table at the head of a report in Markdown.
    static func mostlyOfMarkdown(_ markdown: String) -> Int? {
        guard let table = markdown.components(separatedBy: "| mostly because |").dropFirst().first,
            let row = table.components(separatedBy: "\n").first(where: { $0.hasPrefix("| ") })
        else { return nil }
        let cells = row.components(separatedBy: " | ")
        return cells.count > 2 ? cells[2].components(separatedBy: " ").first.flatMap(number) : nil
    }

    /// The table of kinds; names of the kinds by what the table calls them.
    static func kinds(_ markdown: String, _ names: [String: String]) -> [String: Int] {
        guard let table = markdown.components(separatedBy: "### Changes by kind\n\n").dropFirst().first else {
            return [:]
        }
        var counts: [String: Int] = [:]
        for line in table.components(separatedBy: "\n").dropFirst(2) {
            guard line.hasPrefix("|") else { break }
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = names[cells[1]] else { continue }
            counts[name] = number(cells[2])
        }
        return counts
    }

    /// How many people a list by person says that it has.
    static func people(_ markdown: String, below heading: String) -> Int {
        let list = markdown.components(separatedBy: "\n### \(heading)\n\n<details><summary>").dropFirst().first
        return list?.components(separatedBy: " ").first.flatMap(number) ?? 0
    }

    private static func number(_ text: String) -> Int? { Int(text.replacingOccurrences(of: ",", with: "")) }
}
