/// How a run that was to read only changes read one directory.
package struct DirectoryReading: Sendable, Equatable {
    package enum Way: Sendable, Equatable {
        /// What changed, and no more: so many people and groups of the mirror.
        case changes(people: Int, groups: Int)
        /// Everything, because of a doubt; one sentence without its period.
        case whole(String)
    }
    /// Name of the directory.
    package var directory: String
    package var way: Way

    package init(directory: String, way: Way) {
        self.directory = directory
        self.way = way
    }
}
