/// A hundred and forty names that try to hide a line, move the cursor, turn the reading direction, run a formula or act in a page.
package enum HostileNames {
    package static let all = terminal + sheet + parted + page + markdown + unicode

    /// Terminals: escape sequences, controls, line ends.
    private static let terminal: [String] = [
        "\u{1B}[2J\u{1B}[H", "\u{1B}]0;owned\u{07}", "\u{1B}]8;;https://evil.example\u{1B}\\click\u{1B}]8;;\u{1B}\\",
        "\u{1B}[31mHELD", "\u{1B}P+q\u{1B}\\", "\u{9B}31m", "\u{7F}\u{9B}31m", "\u{90}x\u{9C}", "a\rb", "a\nHELD b",
        "a\r\nb", "a\tb", "a\u{0B}b", "a\u{0C}b", "a\u{08}\u{08}b", "\u{0000}", "a\u{0000}b", "\u{0E}shift",
        "\u{85}next",
        "\\u{1B}",
    ]

    /// Spreadsheets: everything that one takes for a formula, and what ends cells and lines.
    private static let sheet: [String] = [
        "=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}SUM(A1)", " =1",
        "\t=1", "\u{A0}=1", "\u{3000}=1", "\u{FEFF}=1", "=HYPERLINK(\"https://evil.example\",\"x\")",
        "\"quoted\",comma",
        "\"", "\"\"", "a\",\"b", ",", "'=1", ";=1", "=\u{301}1", "-5-3", "1e5", "0x10", "  spaces  ",
    ]

    /// Spreadsheets that part cells at `;` or at a tab, in quotes or not: what begins a cell of its own there.
    private static let parted: [String] = [
        "x;=1+1", "x; =1+1", "x;\t=1+1", "x\t=1+1", "x\t=1+1,\"y\"", "x;+1+1", "x;-1", "x;@SUM(A1)", "x;\u{FF1D}1",
        "x;'=1+1",
        "x,;=1+1", "x;\"=1+1", "x;\"\"=1+1", "x,y;\"=1+1\";=2+2", "\";=1+1", "\"=1+1",
        "x;=HYPERLINK(\"https://evil.example\")",
        ";;=1+1", "=1+1;=2+2", "''=1+1", "-1;-1", "x;", ";", "'", "x;\"",
    ]

    /// Pages: elements, attributes, entities, ends of whatever one may stand in.
    private static let page: [String] = [
        "</script><b>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
        "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "\" autofocus onfocus=\"alert(1)", "<!--", "-->", "--!>",
        "<![CDATA[x]]>", "<?xml x?>", "</title><h1>x", "</style><i>", "</details></li></ul>", "</summary>",
        "<textarea>",
        "<plaintext>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "&lt;b&gt;", "&#60;b&#62;",
        "&amp;lt;", "&", "<", "<\u{338}script>", "javascript:alert(1)", "{{7*7}}", "${7*7}",
    ]

    /// Markdown: links, images, mentions, marks of lists, code, tables.
    private static let markdown: [String] = [
        "[x](https://evil.example)", "![x](https://evil.example/x.png)", "@all", "#1", "!1", "https://evil.example",
        "www.evil.example", "`", "``` ", "`a` b `", "*a* **b**", "_a_", "~~a~~", "# heading", "- item", "1. item",
        "> quote",
        "|", "a | b | c", "\\|", "<details>", "[^1]: x", ":smile:", "---", "***", "    indented", "a  \\", "$x$",
        "\\`a\\`",
    ]

    /// What cannot be seen, or is seen elsewhere than it stands.
    private static let unicode: [String] = [
        "\u{202E}drowssap", "\u{2066}isolate", "\u{200B}zero", "\u{200D}", "\u{2028}line", "\u{2029}paragraph",
        "\u{E0041}tag",
        "\u{AD}soft", "\u{61C}mark", "\u{FE0F}", "\u{E000}private", "\u{FFFE}", "e\u{301}\u{301}\u{301}", "👩‍👩‍👧",
        "\u{3164}", "\u{115F}", "ａｄｍｉｎ", "аdmin", "\u{1BCA0}shorthand", "\u{13437}joined", "\u{600}1",
        "\u{378}unassigned",
    ]
}
