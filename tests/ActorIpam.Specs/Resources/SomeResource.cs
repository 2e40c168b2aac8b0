using System.Collections.Immutable;
using ActorIpam.Domain.Resources;
using FsCheck;
using FsCheck.Fluent;

namespace ActorIpam.Specs.Resources;

/// <summary>Resources of any kind with any parts left out. They need not make sense: reading and writing must not care.</summary>
internal static class SomeResource
{
    public static Gen<Resource> Any { get; } = Gen.OneOf(Pool, Host, Reservation, Configuration);

    private static Gen<string> Text => Gen.Elements("", "a", "10.0.0.0/8", "x \"y\" 'z'", "ü\u2028\n\\", "\U0001F600", "<&>", "64512", "064512", "Never");

    private static Gen<string?> MaybeText => Gen.OneOf(Text.Select(text => (string?)text), Gen.Constant<string?>(null));

    private static Gen<bool?> MaybeFlag => Gen.Elements<bool?>(true, false, null);

    private static Gen<int?> MaybeWhole => Gen.Elements<int?>(null, 0, -1, 26, int.MaxValue);

    private static Gen<ImmutableArray<string>> Texts => Gen.ListOf(Text).Select(texts => texts.Take(4).ToImmutableArray());

    private static Gen<ImmutableSortedDictionary<string, string>> Map =>
        from keys in Gen.ListOf(Text)
        from value in Text
        select Domain.Resources.Metadata.EmptyMap.AddRange(keys.Distinct().Select(key => KeyValuePair.Create(key, value)));

    private static Gen<Metadata> Metadata =>
        from name in Text
        from uid in MaybeText
        from version in Gen.Elements<long?>(null, 0, 7, long.MaxValue)
        from ticks in Gen.Choose(0, int.MaxValue)
        from hasTime in Gen.Elements(true, false)
        from space in MaybeText
        from labels in Map
        from annotations in Map
        select new Metadata(name)
        {
            Uid = uid,
            ResourceVersion = version,
            CreationTimestamp = hasTime ? DateTimeOffset.UnixEpoch.AddTicks(ticks * 1_000_000_007L) : null,
            Namespace = space,
            Labels = labels,
            Annotations = annotations,
        };

    private static Gen<Resource> Pool =>
        from metadata in Metadata
        from texts in Gen.ArrayOf(MaybeText, 6)
        from flags in Gen.ArrayOf(MaybeFlag, 3)
        from size in MaybeWhole
        from uses in Texts
        from hasUses in Gen.Elements(true, false)
        select (Resource)new IpPool(metadata, new()
        {
            Cidr = texts[0],
            BlockSize = size,
            IpipMode = texts[1],
            VxlanMode = texts[2],
            NatOutgoing = flags[0],
            Disabled = flags[1],
            DisableBgpExport = flags[2],
            NodeSelector = texts[3],
            NamespaceSelector = texts[4],
            AllowedUses = hasUses ? uses : null,
            AssignmentMode = texts[5],
        });

    private static Gen<Resource> Host =>
        from metadata in Metadata
        from texts in Gen.ArrayOf(MaybeText, 8)
        from hasBgp in Gen.Elements(true, false)
        from parts in Texts
        select (Resource)new Node(metadata, new()
        {
            Bgp = hasBgp
                ? new() { Ipv4Address = texts[0], Ipv6Address = texts[1], Ipv4IpipTunnelAddr = texts[2], AsNumber = texts[3], RouteReflectorClusterId = texts[4] }
                : null,
            Ipv4VxlanTunnelAddr = texts[5],
            Ipv6VxlanTunnelAddr = texts[6],
            VxlanTunnelMacAddr = texts[7],
            Addresses = [.. parts.Select(part => new NodeAddress(part, "InternalIP"))],
            OrchRefs = [.. parts.Select(part => new OrchRef("n", part))],
        });

    private static Gen<Resource> Reservation =>
        from metadata in Metadata
        from ranges in Texts
        select (Resource)new IpReservation(metadata, ranges);

    private static Gen<Resource> Configuration =>
        from metadata in Metadata
        from flags in Gen.ArrayOf(MaybeFlag, 2)
        from wholes in Gen.ArrayOf(MaybeWhole, 2)
        from persistence in MaybeText
        select (Resource)new IpamConfiguration(metadata, new()
        {
            StrictAffinity = flags[0],
            AutoAllocateBlocks = flags[1],
            MaxBlocksPerHost = wholes[0],
            IpCooldownSeconds = wholes[1],
            KubeVirtVmAddressPersistence = persistence,
        });
}
