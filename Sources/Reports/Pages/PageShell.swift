import Diagnostics

/// What every page of a report has around its content: one style, one script, and a policy that lets nothing else act or load.
enum PageShell {
    /// `default-src 'none'`, with the hash of the one script and the one style of the page (CSP 3, section 2.3.1).
    static let policy =
        "default-src 'none'; script-src 'sha256-\(hash(of: PageScript.text))'; "
        + "style-src 'sha256-\(hash(of: PageStyle.text))'; base-uri 'none'; form-action 'none'"

    /// Everything up to the heading, which is the title.
    static func begin(_ title: String, in page: inout HTMLWriter) {
        page.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        page.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        page.trusted(Array(policy.utf8))
        page.markup("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        page.markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
        page.markup("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n")
        page.element("<title>", "\(title) · Rollcall", "</title>\n<style>")
        page.trusted(Array(PageStyle.text.utf8))
        page.markup("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n")
        page.element("<h1>", title, "</h1>\n")
        page.markup("<button type=\"button\" id=\"theme\" hidden>Dark</button>\n</header>\n<main id=\"main\">\n")
    }

    /// The foot, with what made the page, and the script.
    static func end(version: String, head: String?, in page: inout HTMLWriter) {
        page.markup("</main>\n<footer>\n")
        page.element("<p>Rollcall ", version, "</p>\n")
        if let head { page.element("<p>audit head: <code>", head, "</code></p>\n") }
        page.markup("<p class=\"keys\" hidden>Keys: <kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> next and previous, ")
        page.markup("<kbd>Enter</kbd> unfold, <kbd>Esc</kbd> everything again, <kbd>t</kbd> light or dark</p>\n")
        page.markup("</footer>\n<script>")
        page.trusted(Array(PageScript.text.utf8))
        page.markup("</script>\n</body>\n</html>\n")
    }

    private static func hash(of text: String) -> String { Base64Text.of(SHA256.digest(Array(text.utf8))) }
}
