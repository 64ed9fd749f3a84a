import AccessModel

/// A value for every area of a platform: the place of a level, or a bit set of actions.
struct PermissionValues: Equatable {
    var values: [UInt64]

    /// Nothing anywhere.
    init(_ platform: Platform) { values = [UInt64](repeating: 0, count: platform.areas.count) }

    /// Every area's value: its own where it is set, its parent's otherwise.
    init(_ settings: [AreaSetting], _ platform: Platform) {
        self.init(platform)
        for (place, area) in platform.areas.enumerated() {
            if let own = settings.first(where: { $0.area == area.path }) {
                values[place] = PermissionValues.value(of: own.values, area.scale)
            } else if let parent = area.parent {
                values[place] = inherited(from: parent, place, platform)
            }
        }
    }

    /// Raises every area to what either has.
    mutating func merge(_ other: PermissionValues, _ platform: Platform) {
        for (place, area) in platform.areas.enumerated() {
            switch area.scale {
            case .levels: values[place] = max(values[place], other.values[place])
            case .actions: values[place] |= other.values[place]
            }
        }
    }

    /// What this has and `other` has not, as settings of single areas.
    func beyond(_ other: PermissionValues, _ platform: Platform) -> [AreaSetting] {
        platform.areas.enumerated().compactMap { place, area in
            switch area.scale {
            case .levels:
                guard values[place] > other.values[place] else { return nil }
                return AreaSetting(area: area.path, values: names(place, values[place], area.scale))
            case .actions:
                let more = values[place] & ~other.values[place]
                return more == 0 ? nil : AreaSetting(area: area.path, values: names(place, more, area.scale))
            }
        }
    }

    /// The fewest settings that say the same: an area stands there only where it differs from its parent.
    func settings(_ platform: Platform) -> [AreaSetting] {
        platform.areas.enumerated().compactMap { place, area in
            let implied = area.parent.map { inherited(from: $0, place, platform) } ?? 0
            guard values[place] != implied else { return nil }
            return AreaSetting(area: area.path, values: names(place, values[place], area.scale))
        }
    }

    /// Takes out what takes a privileged rule, and tells what that was.
    mutating func removePrivileged(_ platform: Platform) -> [AreaSetting] {
        var removed: [AreaSetting] = []
        for (place, area) in platform.areas.enumerated() where !area.privileged.isEmpty {
            let marked = area.privileged.compactMap { area.scale.names.firstIndex(of: $0) }
            let before = values[place]
            switch area.scale {
            case .levels:
                guard let least = marked.min(), before >= UInt64(least) else { continue }
                values[place] = UInt64(max(0, least - 1))
                removed.append(AreaSetting(area: area.path, values: names(place, before, area.scale)))
            case .actions:
                let mask = marked.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
                guard before & mask != 0 else { continue }
                values[place] = before & ~mask
                removed.append(AreaSetting(area: area.path, values: names(place, before & mask, area.scale)))
            }
        }
        return removed
    }

    private func inherited(from parent: Int, _ place: Int, _ platform: Platform) -> UInt64 {
        let scale = platform.areas[place].scale
        let above = platform.areas[parent].scale
        if scale == above { return values[parent] }
        return PermissionValues.value(of: names(parent, values[parent], above), scale)
    }

    private func names(_ place: Int, _ value: UInt64, _ scale: PermissionScale) -> [String] {
        switch scale {
        case .levels(let levels): levels.indices.contains(Int(value)) ? [levels[Int(value)]] : []
        case .actions(let actions): actions.indices.filter { value & (1 << UInt64($0)) != 0 }.map { actions[$0] }
        }
    }

    private static func value(of names: [String], _ scale: PermissionScale) -> UInt64 {
        switch scale {
        case .levels(let levels): UInt64(names.compactMap { levels.firstIndex(of: $0) }.max() ?? 0)
        case .actions(let actions):
            names.compactMap { actions.firstIndex(of: $0) }.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        }
    }
}
