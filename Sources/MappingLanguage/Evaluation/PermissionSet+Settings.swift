package import AccessModel

extension PermissionSet {
    /// The fewest settings that say the same: an area stands there only where it differs from its parent.
    package func settings(on platform: Platform) -> [AreaSetting] {
        platform.areas.enumerated().compactMap { place, area in
            let implied = area.parent.map { values[$0] } ?? 0
            guard values[place] != implied else { return nil }
            let names = names(in: place, on: platform)
            return AreaSetting(area: area.path, values: names.isEmpty ? area.scale.nothing : names)
        }
    }

    /// What this has and `other` has not, as settings of single areas.
    func beyond(_ other: PermissionSet, on platform: Platform) -> [AreaSetting] {
        platform.areas.enumerated().compactMap { place, area in
            let more: UInt64
            switch area.scale {
            case .levels: more = values[place] > other.values[place] ? values[place] : 0
            case .actions: more = values[place] & ~other.values[place]
            }
            return more == 0 ? nil : AreaSetting(area: area.path, values: area.scale.names(of: more))
        }
    }
}

extension PermissionScale {
    /// How nothing is written: the lowest level, or no action.
    fileprivate var nothing: [String] {
        switch self {
        case .levels(let levels): Array(levels.prefix(1))
        case .actions: []
        }
    }
}
