/// What somebody may do, one number per area of a platform; inheritance is already in it.
///
/// On an area with levels the number is the place of the level (0 means nothing), on one with actions a bit set by place.
package struct PermissionSet: Hashable, Sendable {
    /// In the order of `Platform.areas`.
    package private(set) var values: [UInt64]

    /// Nothing at all.
    package static func none(on platform: Platform) -> PermissionSet {
        PermissionSet(values: [UInt64](repeating: 0, count: platform.areas.count))
    }

    private init(values: [UInt64]) { self.values = values }

    /// The settings with what children have from their parents; areas and values that the platform does not know give nothing.
    package init(_ settings: [AreaSetting], on platform: Platform) {
        values = []
        values.reserveCapacity(platform.areas.count)
        for area in platform.areas {
            if let setting = settings.first(where: { $0.area == area.path }) {
                values.append(area.scale.value(of: setting.values))
            } else if let parent = area.parent, values.indices.contains(parent) {
                values.append(values[parent])
            } else {
                values.append(0)
            }
        }
    }

    /// Takes over what the other has more: the higher level, the union of actions.
    package mutating func merge(_ other: PermissionSet, on platform: Platform) {
        for (index, area) in platform.areas.enumerated()
        where values.indices.contains(index) && other.values.indices.contains(index) {
            switch area.scale {
            case .levels: values[index] = max(values[index], other.values[index])
            case .actions: values[index] |= other.values[index]
            }
        }
    }

    /// Only what the other has too: the lower level, the common actions.
    package func limited(to other: PermissionSet, on platform: Platform) -> PermissionSet {
        var result = self
        for (index, area) in platform.areas.enumerated()
        where values.indices.contains(index) && other.values.indices.contains(index) {
            switch area.scale {
            case .levels: result.values[index] = min(values[index], other.values[index])
            case .actions: result.values[index] = values[index] & other.values[index]
            }
        }
        return result
    }

    package func merged(with other: PermissionSet, on platform: Platform) -> PermissionSet {
        var result = self
        result.merge(other, on: platform)
        return result
    }

    /// Whether everything that the other gives is in this one.
    package func contains(_ other: PermissionSet, on platform: Platform) -> Bool {
        merged(with: other, on: platform) == self
    }

    package var isEmpty: Bool { values.allSatisfy { $0 == 0 } }

    /// The name of the level, or of each action, in one area; empty where there is nothing.
    package func names(in area: Int, on platform: Platform) -> [String] {
        guard values.indices.contains(area), platform.areas.indices.contains(area) else { return [] }
        return platform.areas[area].scale.names(of: values[area])
    }
}

extension PermissionScale {
    /// The number for names of this scale; names that it does not have count nothing.
    package func value(of names: [String]) -> UInt64 {
        var value: UInt64 = 0
        for name in names {
            guard let place = self.names.firstIndex(of: name), place < 64 else { continue }
            switch self {
            case .levels: value = max(value, UInt64(place))
            case .actions: value |= 1 << UInt64(place)
            }
        }
        return value
    }

    /// The names that make up a number; none for nothing.
    package func names(of value: UInt64) -> [String] {
        switch self {
        case .levels(let levels):
            guard value > 0, value < UInt64(levels.count) else { return [] }
            return [levels[Int(value)]]
        case .actions(let actions):
            return actions.enumerated().filter { $0.offset < 64 && value & (1 << UInt64($0.offset)) != 0 }
                .map(\.element)
        }
    }

    /// The number that gives everything.
    package var everything: UInt64 {
        switch self {
        case .levels(let levels): UInt64(max(0, levels.count - 1))
        case .actions(let actions): value(of: actions)
        }
    }
}
