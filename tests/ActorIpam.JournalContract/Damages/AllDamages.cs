using static ActorIpam.Domain.Requests.CheckKind;

namespace ActorIpam.JournalContract.Damages;

/// <summary>Every kind of damage that rows can take, one at a time (docs/why.md lists them).</summary>
internal static class AllDamages
{
    private const string Columns = "ip, {place, |}generation, handle, owner, block, pool, attributes, {since|assigned_at}, issued, released_at, why";
    private const string CopyOfGone = "insert into address_history (" + Columns + ") select ip, {9, |}";

    public static IReadOnlyList<Damage> OfAddresses { get; } =
    [
        new("the row of an address is gone", AddressMissing, true, "delete from address where ip = {plain}") { IsAlsoOfCutStreams = true },
        new("the row of an address with attributes is gone", AddressMissing, true, "delete from address where ip = {dressed}") { IsAlsoOfCutStreams = true },
        new("a row for an address that nobody was given", AddressUnknown, true,
            "insert into address (ip, block, generation, handle, owner, attributes, since) select {free}, block, generation, 'thief', owner, attributes, since from address where ip = {plain}") { IsAlsoOfCutStreams = true },
        new("a row for an address in no block", AddressStray, true,
            "insert into address (ip, block, generation, handle, owner, attributes, since) select {ip:10.9.9.9}, {cidr:10.9.9.8/29}, generation, handle, owner, attributes, since from address where ip = {plain}"),
        new("another handle holds an address", AddressDiffers, true, "update address set handle = 'thief' where ip = {dressed}") { IsAlsoOfCutStreams = true },
        new("no handle holds an address", AddressDiffers, true, "update address set handle = null where ip = {plain}"),
        new("another host holds an address", AddressDiffers, true, "update address set owner = 'host:b' where ip = {dressed}") { IsAlsoOfCutStreams = true },
        new("an address is held under another generation", AddressDiffers, true, "update address set generation = generation + 40 where ip = {plain}") { IsAlsoOfCutStreams = true },
        new("an address lies in another block", AddressDiffers, true, "update address set block = {cidr:10.0.0.248/29} where ip = {plain}"),
        new("an address is held since another time", AddressDiffers, true, "update address set since = since + {hour} where ip = {dressed}"),
        new("a request for an address was issued at another time", AddressDiffers, true, "update address set issued = since where ip = {plain}"),
        new("an address has other attributes", AttributesDiffer, true, """update address set attributes = '{"pod":"other"}' where ip = {dressed}"""),
        new("an address has attributes that it was not given", AttributesDiffer, true, """update address set attributes = '{"pod":"other"}' where ip = {plain}"""),
    ];

    public static IReadOnlyList<Damage> OfBlocksAndResources { get; } =
    [
        new("a block counts otherwise", BlockDiffers, true, "update block set free = free - 1, cooling = cooling + 1 where cidr = {block}") { IsAlsoOfCutStreams = true },
        new("a block counts borrowed addresses otherwise", BlockDiffers, true, "update block set borrowed = borrowed + 1 where cidr = {block}"),
        new("a block has another owner", BlockDiffers, true, "update block set owner = 'host:thief' where cidr = {block}") { IsAlsoOfCutStreams = true },
        new("a block has no owner", BlockDiffers, true, "update block set owner = null where cidr = {block}"),
        new("a block is of another pool", BlockDiffers, true, "update block set pool = 'nobody' where cidr = {block}"),
        new("a block is of another version", BlockDiffers, true, "update block set version = version - 1 where cidr = {block}"),
        new("the row of a block is gone", BlockDiffers, true, "delete from block where cidr = {block}") { IsAlsoOfCutStreams = true },
        new("a row for a block that nobody opened", BlockDiffers, true,
            "insert into block select {cidr:10.0.0.240/29}, pool, owner, version, size, free, assigned, cooling, host_reserved, borrowed, claimed_at, cooling_since from block where cidr = {block}"),
        new("a resource was edited", ResourceDiffers, true, "update resource set body = {replace(body|replace(body::text}, '10.0.0.0', '10.1.0.0'){|::json} where name = 'web'"),
        new("a resource is of another version", ResourceDiffers, true, "update resource set resource_version = resource_version + 1 where name = 'web'"),
        new("the row of a resource is gone", ResourceDiffers, true, "delete from resource where name = 'a'"),
        new("a row for a resource that nobody created", ResourceDiffers, true,
            "insert into resource (kind, name, uid, resource_version, body) select kind, 'ghost', uid, resource_version, body from resource where name = 'web'"),
    ];

    public static IReadOnlyList<Damage> OfHistory { get; } =
    [
        new("history lacks a holder", HistoryDiffers, true, "delete from address_history where ip = {gone}"),
        new("history tells another end", HistoryDiffers, true, "update address_history set released_at = released_at + {hour} where ip = {gone}") { IsAlsoOfCutStreams = true },
        new("history tells another beginning", HistoryDiffers, true, "update address_history set {since|assigned_at} = {since|assigned_at} - {hour} where ip = {gone}"),
        new("history tells another holder", HistoryDiffers, true, "update address_history set handle = 'thief' where ip = {gone}"),
        new("history tells another host", HistoryDiffers, true, "update address_history set owner = 'host:b' where ip = {gone}"),
        new("history tells another reason", HistoryDiffers, true, "update address_history set why = 'lost' where ip = {gone}"),
        new("history tells other attributes", HistoryDiffers, true, """update address_history set attributes = '{"pod":"other"}' where ip = {gone}"""),
        new("history tells of a holder that nobody knows", HistoryDiffers, true,
            CopyOfGone + "77, 'thief', owner, block, pool, attributes, {since|assigned_at}, issued, released_at, why from address_history where ip = {gone}") { IsAlsoOfCutStreams = true },
        new("history tells of a holder twice", HistoryDiffers, true,
            CopyOfGone + "generation, handle, owner, block, pool, attributes, {since|assigned_at}, issued, released_at + {hour}, why from address_history where ip = {gone}"),
        new("history tells that an address was released which is held", HistoryDiffers, true,
            "insert into address_history (" + Columns + ") select ip, {9, |}generation, handle, owner, block, 'nobody', attributes, since, issued, since + {hour}, 'lost' from address where ip = {plain}") { IsAlsoOfCutStreams = true },
        new("history lacks an owner of a block", HistoryDiffers, true, "delete from block_history where cidr = {block}"),
        new("history tells another owner of a block", HistoryDiffers, true, "update block_history set owner = 'host:thief' where cidr = {block}") { IsAlsoOfCutStreams = true },
        new("history tells that a block has gone which is there", HistoryDiffers, true, "update block_history set to_at = from_at + {hour}, ended = 'lost' where cidr = {block}") { IsAlsoOfCutStreams = true },
        new("history tells another beginning of a block", HistoryDiffers, true, "update block_history set from_at = from_at - {hour} where cidr = {block}"),
        new("history tells of an owner that a block never had", HistoryDiffers, true,
            "insert into block_history (cidr, version, pool, owner, from_at, to_at, why, ended) select cidr, 99, pool, 'host:thief', from_at, from_at + {hour}, 'asked', 'lost' from block_history where cidr = {block}"),
        new("history tells of an owner of a block that is closed", HistoryDiffers, true,
            "insert into block_history (cidr, version, pool, owner, from_at, why) select {cidr:{closed}}, 98, pool, 'host:thief', from_at, 'asked' from block_history where cidr = {block}"),
        new("history lacks a state of a resource", HistoryDiffers, true, "delete from resource_history where name = 'web' and to_at is not null"),
        new("history tells another end of a state", HistoryDiffers, true, "update resource_history set to_at = to_at - {second} where name = 'web' and to_at is not null"),
        new("history tells another state", HistoryDiffers, true, "update resource_history set uid = 'other' where name = 'web' and to_at is null"),
        new("history tells of a resource that nobody created", HistoryDiffers, true,
            "insert into resource_history (kind, name, {place, |}uid, resource_version, body, from_at) select kind, 'ghost', {1, |}uid, resource_version, body, from_at from resource_history where name = 'a'"),
    ];

    public static IReadOnlyList<Damage> OfStreams { get; } =
    [
        new("the head of a block is too low", StreamBroken, false, "update stream set version = version - 1 where id = 'block/{range}'") { IsAlsoOfCutStreams = true },
        new("the head of a block is too high", StreamBroken, false, "update stream set version = version + 1 where id = 'block/{range}'") { IsAlsoOfCutStreams = true },
        new("the head of a block names another commit", StreamBroken, false, "update stream set commit_id = {commit} where id = 'block/{range}'") { IsAlsoOfCutStreams = true },
        new("the head of a block is gone", StreamBroken, false, "delete from stream where id = 'block/{range}'") { IsAlsoOfCutStreams = true },
        new("the stream of a block is gone", HeadDiffers, false, "delete from stream where id = 'block/{range}'; delete from snapshot where stream = 'block/{range}'; delete from journal where stream = 'block/{range}'"),
        new("the head of a closed block is gone", HeadDiffers, false, "delete from stream where id = 'block/{closed}'"),
        new("the head of the catalog is too low", StreamBroken, false, "update stream set version = version - 1 where id = 'catalog'"),
        new("the head of the catalog names another commit", StreamBroken, false, "update stream set commit_id = {commit} where id = 'catalog'"),
        new("the head of a pool is too high", StreamBroken, false, "update stream set version = version + 1 where id like 'pool/%'"),
        new("the head of a pool names another commit", StreamBroken, false, "update stream set commit_id = {commit} where id like 'pool/%'"),
        new("the policy's head is too low", HeadDiffers, false, "update stream set version = 1 where id = 'policy'"),
        new("the head of a node is gone", HeadDiffers, false, "delete from stream where id = 'node/b'"),
        new("the head of a host with blocks is gone", HeadDiffers, false, "delete from stream where id = 'host/host:a'"),
        new("a block's stream has a gap", StreamBroken, false, "delete from journal where stream = 'block/{range}' and version = (select max(version) - 1 from journal where stream = 'block/{range}')") { IsAlsoOfCutStreams = true },
        new("a block's stream lacks its end", StreamBroken, false, "delete from journal where stream = 'block/{range}' and version = (select max(version) from journal where stream = 'block/{range}')") { IsAlsoOfCutStreams = true },
        new("a block's stream lacks its beginning and nothing covers it", StreamBroken, false, "delete from snapshot; delete from journal where stream = 'block/{range}' and version = 1"),
        new("a block's stream says what no member knows", StreamBroken, false, """update journal set events = '[{"type":"BlockPainted"}]' where stream = 'block/{range}' and version = (select max(version) from journal where stream = 'block/{range}')"""),
        new("a block's stream contradicts itself", StreamBroken, false, """update journal set events = '[{"type":"BlockClosed","why":"damage"}]' where stream = 'block/{range}' and version = (select max(version) from journal where stream = 'block/{range}')"""),
        new("the catalog's stream has a gap", StreamBroken, false, "delete from journal where stream = 'catalog' and version = 2"),
        new("a pool's stream has a gap", StreamBroken, false, "delete from journal where stream like 'pool/%' and version = 2"),
        new("a pool's stream says that another host claimed a block", OwnerDiffers, false,
            "update journal set events = {replace(events|replace(events::text}, 'host:a', 'host:c'){|::json} where stream like 'pool/%'"),
        new("a snapshot is damaged", SnapshotBad, true, "update snapshot set sha256 = 'f00' where stream = 'block/{range}' and version = (select max(version) from snapshot where stream = 'block/{range}')") { IsAlsoOfCutStreams = true },
        new("the older snapshot is damaged", SnapshotBad, true, "update snapshot set sha256 = 'f00' where stream = 'block/{range}' and version = (select min(version) from snapshot where stream = 'block/{range}')"),
        new("the older snapshot is damaged and nothing is behind the newer one", SnapshotBad, false,
            "update snapshot set sha256 = 'f00' where stream = 'block/{range}' and version = (select min(version) from snapshot where stream = 'block/{range}'); delete from journal where stream = 'block/{range}' and version < (select min(version) from snapshot where stream = 'block/{range}')"),
        new("a stream of no known name", StreamStray, false, "insert into stream (id, version, commit_id) values ('blok/10.0.0.0/29', 1, {commit})"),
        new("a stream of a block that is none", StreamStray, false, "insert into stream (id, version, commit_id) values ('block/10.0.0.1/29', 1, {commit})"),
        new("a stream of a block that no pool claimed", StreamStray, false, "insert into stream (id, version, commit_id) values ('block/10.77.0.0/29', 1, {commit})"),
        new("a stream of a pool that never was", StreamStray, false, "insert into stream (id, version, commit_id) values ('pool/nobody', 1, {commit})"),
        new("a request has a grant that nobody had", RequestUnknown, false,
            "update request set {grants = grant_key('10.0.0.1 77')|ips = array['10.0.0.1'::inet], generations = array[77]} where id = 'r-1'"),
    ];

    public static IEnumerable<Damage> All => [.. OfAddresses, .. OfBlocksAndResources, .. OfHistory, .. OfStreams];
}
