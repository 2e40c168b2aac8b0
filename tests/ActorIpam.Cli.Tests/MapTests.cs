using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class MapTests
{
    [Fact]
    public async Task A_map_shows_who_holds_what()
    {
        await using var member = Web();

        var ran = await Ipamctl.RunAsync(member, "ipam", "map", "web");

        ran.ShouldBe(new(0, """
            Pool web 10.1.0.0/16 — 3 of 1024 blocks claimed, 1021 not yet
            Hosts:  A n1  B n2  C n3
            Cells:  · not held   █ held by the block's owner   a letter: borrowed by that host
            Counts: held/size, b borrowed, c cooling, h kept by the host, r reserved

            10.1.0.0/26    A  ██████████BB············C·······································  13/64 3b 4c
            10.1.0.64/26   B  ································································  0/64 4h
            10.1.0.128/26  -  A·······························································  1/64 1b

            14 of 192 addresses of these blocks held, 170 free, 4 borrowed, 4 cooling, 4 host-reserved, 1 block without owner.

            """, ""));
    }

    [Fact]
    public async Task A_narrow_terminal_gets_fewer_cells_of_more_addresses()
    {
        await using var member = Web();

        var ran = await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web"], t => t with { Width = 80, IsUnicode = false });

        ran.Out.ShouldBe("""
            Pool web 10.1.0.0/16 - 3 of 1024 blocks claimed, 1021 not yet
            Hosts:  A n1  B n2  C n3
            Cells:  . not held   # held by the block's owner   a letter: borrowed by that host
                    a cell is 2 addresses, shaded -=%# by how many its owner holds
            Counts: held/size, b borrowed, c cooling, h kept by the host, r reserved

            10.1.0.0/26    A  #####B......C...................  13/64 3b 4c
            10.1.0.64/26   B  ................................  0/64 4h
            10.1.0.128/26  -  A...............................  1/64 1b

            14 of 192 addresses of these blocks held, 170 free, 4 borrowed, 4 cooling, 4 host-reserved, 1 block without owner.

            """);
    }

    [Fact]
    public async Task Colours_are_for_terminals_that_want_them()
    {
        await using var member = Web();
        Terminal Screen(Terminal t) => t with { IsInteractive = true };

        (await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web"], Screen)).Out.ShouldContain("\u001b[");
        (await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web"])).Out.ShouldNotContain("\u001b");
        (await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web", "--no-color"], Screen)).Out.ShouldNotContain("\u001b");
        (await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web"], t => Screen(t) with { Environment = name => name == "NO_COLOR" ? "1" : member.Url })).Out.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Large_blocks_are_shaded_by_how_full_they_are()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");
        Blocks(member, ("10.1.0.0/24", "n1", 256, 0, 0));
        Held(member, "n1", "10.1.0.0/24", Enumerable.Range(0, 8).Concat([8, 9, 10, 12, 13, 16]));

        var picture = (await Ipamctl.RunAsync(member, "ipam", "map", "web")).Out.Split('\n')[6];

        picture.ShouldBe("10.1.0.0/24  A  ██▓▒░···························································  14/256");
    }

    [Fact]
    public async Task A_pool_without_blocks_says_so_and_a_missing_one_fails()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");
        Blocks(member);
        Held(member, "n1", "10.1.0.0/26", []);

        (await Ipamctl.RunAsync(member, "ipam", "map", "web")).Out.ShouldBe("Pool web 10.1.0.0/16 — 0 of 1024 blocks claimed, 1024 not yet\nNo block of it is claimed: every address is free.\n");
        (await Ipamctl.RunAsync(member, "ipam", "map", "db")).ShouldBe(new(1, "", "ipamctl: ippools/db does not exist.\n"));
    }

    [Fact]
    public async Task A_pool_of_many_blocks_shows_those_in_use_and_sums_up_the_rest()
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");
        Blocks(member, [.. Enumerable.Range(0, 40).Select(i => ($"10.1.{i}.0/26", (string?)(i < 30 ? "n1" : "n2"), 64, 0, 0))]);
        Held(member, "n1", "10.1.3.0/26", [0]);
        Held(member, "n3", "10.1.35.0/26", [1]);

        var few = (await Ipamctl.RunAsync(member, "ipam", "map", "web")).Out.Split('\n');
        few[0].ShouldBe("Pool web 10.1.0.0/16 — 40 of 1024 blocks claimed, 984 not yet");
        few[1].ShouldBe("Hosts:  A n1  B n2  C n3");
        few.Where(line => line.StartsWith("10.", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ShouldBe(["10.1.3.0/26", "10.1.35.0/26"]);
        few[^3..].ShouldBe(["38 more blocks in which nothing is held (--all shows them): n1 29, n2 9.", "2 of 2560 addresses of these blocks held, 2558 free, 1 borrowed.", ""]);

        (await Ipamctl.RunAsync(member, "ipam", "map", "web", "--all")).Out.Split('\n').Count(line => line.StartsWith("10.", StringComparison.Ordinal)).ShouldBe(40);

        var one = (await Ipamctl.RunAsync(member, "ipam", "map", "web", "--host", "n3")).Out.Split('\n');
        one.Where(line => line.StartsWith("10.", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ShouldBe(["10.1.35.0/26"]);
        one[^3].ShouldBe("39 blocks without n3 not shown.");
    }

    [Theory]
    [InlineData(10, 80)]
    [InlineData(80, 80)]
    [InlineData(200, 200)]
    [InlineData(1000, 200)]
    public async Task A_map_is_80_to_200_columns_wide(int terminal, int most)
    {
        await using var member = new FakeMember().WithPool("web", "10.1.0.0/16");
        Blocks(member, ("10.1.0.0/24", "n1", 256, 0, 0));
        Held(member, "n1", "10.1.0.0/24", [0]);

        var lines = (await Ipamctl.RunAsync(member.Url, "", ["ipam", "map", "web"], t => t with { Width = terminal })).Out.Split('\n');

        var block = lines.Single(line => line.StartsWith("10.1.0.0/24", StringComparison.Ordinal)).Length;
        block.ShouldBeInRange(most / 2, most);
    }

    private static FakeMember Web()
    {
        var member = new FakeMember().WithPool("web", "10.1.0.0/16");
        Blocks(member, ("10.1.0.64/26", "n2", 64, 0, 4), ("10.1.0.0/26", "n1", 64, 4, 0), ("10.1.0.128/26", null, 64, 0, 0));
        Held(member, "n1", "10.1.0.0/26", Enumerable.Range(0, 10));
        Held(member, "n2", "10.1.0.0/26", [10, 11]);
        Held(member, "n3", "10.1.0.0/26", [24]);
        Held(member, "n1", "10.1.0.128/26", [0]);
        return member;
    }

    private static void Blocks(FakeMember member, params (string Cidr, string? Host, int Size, int Cooling, int HostReserved)[] blocks)
    {
        var items = new JsonArray([.. blocks.Select(b => new JsonObject
        {
            ["cidr"] = b.Cidr, ["pool"] = "web", ["host"] = b.Host, ["state"] = b.Host is null ? "orphan" : "owned", ["size"] = b.Size,
            ["free"] = b.Size - b.Cooling - b.HostReserved, ["assigned"] = 0, ["cooling"] = b.Cooling, ["reserved"] = 0, ["hostReserved"] = b.HostReserved, ["borrowed"] = 0,
        })]);
        member.Answers["GET /ipam/v1/blocks?pool=web"] = (200, new JsonObject { ["items"] = items }.ToJsonString());
    }

    /// <summary>Adds held addresses and counts them in their block.</summary>
    private static void Held(FakeMember member, string host, string block, IEnumerable<int> places)
    {
        const string blocksCall = "GET /ipam/v1/blocks?pool=web";
        const string addressesCall = "GET /ipam/v1/addresses?pool=web&limit=10000";
        var blocks = JsonNode.Parse(member.Answers[blocksCall].Body)!;
        var held = member.Answers.TryGetValue(addressesCall, out var before) ? JsonNode.Parse(before.Body)! : JsonNode.Parse("""{"items":[]}""")!;
        var row = blocks["items"]!.AsArray().FirstOrDefault(b => (string)b!["cidr"]! == block);
        var network = block[..block.LastIndexOf('.')];
        var first = int.Parse(block.Split('/')[0].Split('.')[3], CultureInfo.InvariantCulture);
        foreach (var place in places)
        {
            held["items"]!.AsArray().Add(new JsonObject { ["address"] = $"{network}.{first + place}", ["cidr"] = $"{network}.{first + place}/26", ["block"] = block, ["host"] = host, ["since"] = "2026-08-04T14:02:00Z" });
            row!["assigned"] = (int)row["assigned"]! + 1;
            row["free"] = (int)row["free"]! - 1;
            row["borrowed"] = (int)row["borrowed"]! + ((string?)row["host"] == host ? 0 : 1);
        }

        member.Answers[blocksCall] = (200, blocks.ToJsonString());
        member.Answers[addressesCall] = (200, held.ToJsonString());
    }
}
