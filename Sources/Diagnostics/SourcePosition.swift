/// A place in a file that a person wrote.
package struct SourcePosition: Hashable, Sendable, Comparable {
    /// As the person named the file.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// By file (bytewise), line, column.
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        if left.file != right.file { return left.file.utf8.lexicographicallyPrecedes(right.file.utf8) }
        return (left.line, left.column) < (right.line, right.column)
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `people.yaml:14:9`.
    package var description: String { "\(file):\(line):\(column)" }
}

/// A value together with the place where it was written.
package struct Located<Value> {
    package let value: Value
    package let position: SourcePosition

    package init(_ value: Value, at position: SourcePosition) {
        self.value = value
        self.position = position
    }

    /// The same place, another value.
    package func map<Result>(_ transform: (Value) -> Result) -> Located<Result> {
        Located<Result>(transform(value), at: position)
    }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
