using System.Globalization;
using ActorIpam.Runtime.Placement;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Keys lie evenly on members, and move only when they must.</summary>
public sealed class RendezvousSpecs
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 6000).Select(at => $"host:node-{at.ToString(CultureInfo.InvariantCulture)}")];

    private static readonly string[] Three = ["m1", "m2", "m3"];

    private static readonly (string Key, string Owner)[] Recorded =
        [("catalog", "m2"), ("host:node-a", "m3"), ("host:node-b", "m2"), ("virtual:lb", "m1"), ("pool/1", "m3"), ("block/10.0.0.0/26", "m1")];

    public static TheoryData<int> Sizes => [2, 3, 4, 5, 8, 16];

    [Fact]
    public void Nobody_owns_a_key_where_nobody_is() => Rendezvous.OwnerOf("catalog", []).ShouldBeNull();

    [Fact]
    public void A_key_has_the_same_owner_on_every_machine_and_in_every_version()
    {
        // Written down: another number here is another placement in half of a cluster that is being upgraded.
        Recorded.ShouldAllBe(placed => Rendezvous.OwnerOf(placed.Key, Three) == placed.Owner);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_order_in_which_members_are_named_means_nothing(int members)
    {
        var names = Names(members);
        Keys.ShouldAllBe(key => Rendezvous.OwnerOf(key, names) == Rendezvous.OwnerOf(key, names.Reverse()));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Each_member_has_its_share(int members)
    {
        var names = Names(members);
        var shares = Keys.CountBy(key => Rendezvous.OwnerOf(key, names)!).ToList();
        var fair = Keys.Length / (double)members;
        shares.Count.ShouldBe(members);

        // Five standard deviations of a fair draw.
        shares.ShouldAllBe(share => Math.Abs(share.Value - fair) < 5 * Math.Sqrt(fair));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void When_a_member_goes_only_its_keys_move(int members)
    {
        var names = Names(members);
        foreach (var gone in names)
        {
            var left = names.Where(name => name != gone).ToArray();
            Keys.Where(key => Rendezvous.OwnerOf(key, names) != gone).ShouldAllBe(key => Rendezvous.OwnerOf(key, names) == Rendezvous.OwnerOf(key, left));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_a_gone_member_had_is_shared_by_all_others(int members)
    {
        var names = Names(members);
        var inherited = Keys.Where(key => Rendezvous.OwnerOf(key, names) == names[0]).CountBy(key => Rendezvous.OwnerOf(key, names[1..])!).ToList();
        inherited.Count.ShouldBe(members - 1);
    }


    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(at => $"member-{at.ToString(CultureInfo.InvariantCulture)}")];
}
