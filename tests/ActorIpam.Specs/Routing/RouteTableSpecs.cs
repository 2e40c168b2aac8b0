using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Routing;
using Shouldly;
using static ActorIpam.Specs.Routing.Given;

namespace ActorIpam.Specs.Routing;

/// <summary>A table that followed changes one by one is the table planned at once, and what it told on the way adds up to it.</summary>
public class RouteTableSpecs
{
    private const int Programs = 100, Steps = 40;

    private static readonly string?[] Owners = [null, "n1", "n2", "n3", "ghost"];

    [Fact]
    public void However_a_table_came_about_it_is_the_one_planned_at_once()
    {
        for (var seed = 1; seed <= Programs; seed++)
        {
            Play(new(seed), $"seed {seed}");
        }
    }

    [Fact]
    public void A_borrowed_address_changes_one_route_of_each_node()
    {
        var topology = SomeTopology(new(1));
        var before = Table(topology, "n1", Block("10.0.0.0/29", "n2"), Block("10.0.0.8/29", "n1"));

        var (_, changes) = before.With(Block("10.0.0.0/29", "n2", ("10.0.0.3", "n1")));

        changes.Single().ShouldBe(new(Cidr.Parse("10.0.0.3/32"), null, new(Cidr.Parse("10.0.0.3/32"), RouteKind.LocalWorkload, null, null, "held here, borrowed from n2")));
    }

    [Fact]
    public void An_owner_who_goes_leaves_a_route_for_each_address()
    {
        var topology = Topology.Of([Pool("10.0.0.0/16", ipip: "Always")], [Node("n1", "172.16.0.1"), Node("n2", "172.16.0.2")]);
        var owned = Block("10.0.0.0/29", "n2", ("10.0.0.1", "n2"));

        var (_, changes) = Table(topology, "n1", owned).With(owned with { Owner = null });

        changes.Select(change => (change.Destination.ToString(), change.Before?.Kind, change.After?.Kind))
            .ShouldBe([("10.0.0.0/29", RouteKind.Ipip, null), ("10.0.0.1/32", null, RouteKind.Ipip)], ignoreOrder: true);
    }

    private static void Play(Random dice, string seed)
    {
        var topology = SomeTopology(dice);
        var table = RouteTable.Of(topology, topology.Node("n1")!);
        var blocks = new Dictionary<Cidr, RoutedBlock>();
        var told = new SortedDictionary<Cidr, Route>();
        for (var step = 0; step < Steps; step++)
        {
            (table, var changes) = Step(dice, table, blocks);
            foreach (var change in changes)
            {
                told.GetValueOrDefault(change.Destination).ShouldBe(change.Before, seed);
                if (change.After is { } after)
                {
                    told[change.Destination] = after;
                }
                else
                {
                    told.Remove(change.Destination);
                }
            }

            var atOnce = RouteTable.Of(table.Topology, table.Topology.Node("n1")!).Become(table.Topology, table.Topology.Node("n1")!, blocks.Values).Table;
            table.Routes.SequenceEqual(atOnce.Routes).ShouldBeTrue(seed);
            table.Warnings.SequenceEqual(atOnce.Warnings).ShouldBeTrue(seed);
            told.Values.SequenceEqual(table.Routes).ShouldBeTrue(seed);
        }
    }

    /// <summary>One block, several blocks at once, or pools and nodes change.</summary>
    private static (RouteTable, ImmutableArray<RouteChange>) Step(Random dice, RouteTable table, Dictionary<Cidr, RoutedBlock> blocks)
    {
        var block = SomeBlock(dice);
        switch (dice.Next(10))
        {
            case 0:
                var topology = SomeTopology(dice);
                return table.Become(topology, topology.Node("n1")!, blocks.Values);
            case 1:
                blocks.Remove(block.Range);
                foreach (var other in new[] { SomeBlock(dice), SomeBlock(dice) })
                {
                    blocks[other.Range] = other;
                }

                return table.Become(table.Topology, table.Topology.Node("n1")!, blocks.Values);
            case 2 or 3:
                blocks.Remove(block.Range);
                return Local(table.Without(block.Range), block.Range);
            default:
                blocks[block.Range] = block;
                return Local(table.With(block), block.Range);
        }
    }

    /// <summary>A block's change reaches its own destinations and no other.</summary>
    private static (RouteTable, ImmutableArray<RouteChange>) Local((RouteTable, ImmutableArray<RouteChange> Changes) changed, Cidr block)
    {
        changed.Changes.ShouldAllBe(change => block.Contains(change.Destination));
        return changed;
    }

    private static RoutedBlock SomeBlock(Random dice)
    {
        var range = dice.Next(4) == 0 ? Cidr.Parse($"10.3.0.{dice.Next(4)}/32") : Cidr.Parse($"10.{dice.Next(5)}.1.{8 * dice.Next(3)}/29");
        var holders = Enumerable.Range(0, (int)range.Size).Where(_ => dice.Next(3) == 0)
            .ToImmutableSortedDictionary(at => range.First.Plus((UInt128)at), _ => dice.Next(8) == 0 ? Owner.Virtual("lb") : Owner.Host(Owners[1 + dice.Next(4)]!));
        var owner = Owners[dice.Next(Owners.Length)];
        return new(range, owner is null ? null : dice.Next(8) == 0 ? Owner.Virtual(owner) : Owner.Host(owner), holders);
    }

    private static Topology SomeTopology(Random dice)
    {
        string[] modes = ["Never", "Always", "CrossSubnet"];
        return Topology.Of(
            [
                Pool("10.0.0.0/16", ipip: modes[dice.Next(3)]), Pool("10.1.0.0/16", vxlan: modes[dice.Next(3)]),
                Pool("10.2.0.0/16", uses: [dice.Next(2) == 0 ? "Workload" : "LoadBalancer"]), Pool("10.3.0.0/16", vxlan: modes[dice.Next(3)]),
            ],
            [
                Node("n1", "172.16.0.1/24", vxlan: "10.1.1.0", ipip: "10.0.1.0"),
                Node("n2", dice.Next(4) == 0 ? null : "172.16.0.2/24", vxlan: "10.1.1.9", ipip: "10.0.1.9"),
                Node("n3", dice.Next(2) == 0 ? "172.16.9.3/24" : "10.0.1.3", vxlan: dice.Next(3) == 0 ? null : "10.3.0.1"),
            ]);
    }
}
