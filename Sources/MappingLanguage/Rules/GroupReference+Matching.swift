import DirectoryModel

extension GroupReference {
    /// How a group named in a mapping test answers to this reference.
    package struct TestMatch: Equatable {
        /// What stands for the open word.
        package var word: String?
    }

    /// Whether a group that a test names is meant: as the rule writes it, or by its name alone.
    package func match(_ text: String) -> TestMatch? {
        let written = TextFold.fold(text)
        if written == TextFold.fold(self.text) || written == TextFold.fold(textWithoutBase) { return TestMatch() }
        var name = text
        if let directory, text.hasPrefix(directory + ":") {
            name = String(Substring(text.utf8.dropFirst(directory.utf8.count + 1)))
        }
        switch self.name {
        case .name(let own):
            return TextFold.fold(own) == TextFold.fold(name) ? TestMatch() : nil
        case .dn(let dn):
            guard let own = try? DistinguishedName(dn) else { return nil }
            if let other = try? DistinguishedName(name), own == other { return TestMatch() }
            return own.leaf.contains { $0.value == TextFold.fold(name) } ? TestMatch() : nil
        case .id(let id):
            return ImmutableID(written: name) == id ? TestMatch() : nil
        case .captured(let captured):
            let word = captured.id(
                in: TextFold.fold(name), prefix: GroupCatalog.foldedPart(captured.prefix),
                suffix: GroupCatalog.foldedPart(captured.suffix))
            return word.map { TestMatch(word: $0) }
        }
    }

    private var textWithoutBase: String {
        var reference = self
        reference.base = nil
        return reference.text
    }
}
