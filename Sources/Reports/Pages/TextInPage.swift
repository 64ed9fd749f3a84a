/// A report for people in a page, as it is: for runs of which there is no plan any more.
package enum TextInPage {
    package static func bytes(_ text: [UInt8], title: String, version: String) -> [UInt8] {
        var page = HTMLWriter()
        PageShell.begin(title, in: &page)
        page.markup("<pre class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"The report\">")
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            page.element("", String(decoding: line, as: UTF8.self), "\n")
        }
        page.markup("</pre>\n")
        PageShell.end(version: version, head: nil, in: &page)
        return page.bytes
    }
}
