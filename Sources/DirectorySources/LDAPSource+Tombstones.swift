internal import DirectoryModel
internal import LDAPClient

/// Deleted entries of Active Directory, which those with the right to it can still see.
extension LDAPSource {
    /// Which of the ids belong to entries that were deleted: proof, where not being found is only the lack of any.
    ///
    /// Nobody's where the server has no such thing; without the right to see them it shows none, and says nothing of it.
    func deleted(
        _ ids: [ImmutableID], _ connection: LDAPConnection, _ suffixes: [String]
    ) throws(PullFailure) -> Set<ImmutableID> {
        guard detected?.domain != nil, detected?.controls.contains(ControlType.showDeleted) == true, !ids.isEmpty
        else { return [] }
        let attribute = settings.source.attributes.id
        let syntax = IDSyntax(attribute: attribute)
        let filter = LDAPFilter.and([
            .equal("isDeleted", "TRUE"), .or(ids.flatMap { IDFilter.alternatives(attribute, $0) }),
        ])
        var found: Set<ImmutableID> = []
        for suffix in suffixes {
            let search = SearchRequest(
                base: suffix, filter: filter, attributes: [attribute, "isDeleted"],
                controls: [RequestControl(ControlType.showDeleted)])
            let end = try attempt { () throws(LDAPError) in
                try connection.search(search) { (entry) throws(BERFault) in
                    let entry = try EntryCopy(entry)
                    guard entry.texts("isDeleted") == ["TRUE"], let value = entry.values(attribute).first else {
                        return
                    }
                    if let id = Array(value).withUnsafeBytes({ syntax.id($0) }) { found.insert(id) }
                }
            }
            if end.code != 0 { return [] }
        }
        return found
    }
}
