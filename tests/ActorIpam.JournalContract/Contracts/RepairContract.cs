using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Members;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Members.SomeMembers;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>Rows are damaged on purpose, one kind at a time: each damage is found, repaired from the journal, and found sound afterwards, while the member serves.</summary>
public abstract class RepairContract(IJournalSource source)
{
    private static readonly ImmutableSortedDictionary<string, string> Attributes = Metadata.EmptyMap.Add("pod", "web-0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_block_with_other_figures() => MendsAsync(CheckKind.BlockDiffers, static world => [new IpamViewChange.BlockStands(world.Block with { Free = 0, Owner = Owner.Host("thief") })]);

    [Fact]
    public Task A_block_whose_row_is_gone() => MendsAsync(CheckKind.BlockDiffers, static world => [new IpamViewChange.BlockGone(world.Block.Block)]);

    [Fact]
    public Task An_orphan_whose_row_is_gone() => MendsAsync(
        CheckKind.BlockDiffers, static world => [new IpamViewChange.BlockGone(world.Block.Block)],
        async member => Must(await member.Door.ReleaseHostAffinitiesAsync("a", mustBeEmpty: false, Cancellation)));

    [Fact]
    public Task A_block_that_nobody_opened() => MendsAsync(CheckKind.BlockDiffers, static world => [new IpamViewChange.BlockStands(world.Block with { Block = Cidr.Parse("10.0.0.224/29") })]);

    [Fact]
    public Task An_address_whose_row_is_gone() => MendsAsync(CheckKind.AddressMissing, static world => [Freed(world.Plain)]);

    [Fact]
    public async Task An_address_with_attributes_whose_row_is_gone_comes_back_without_them_and_says_so()
    {
        var repaired = await MendsAsync(CheckKind.AddressMissing, static world => [Freed(world.Dressed)]);
        repaired.ShouldContain(static sentence => sentence.Contains("without its attributes", StringComparison.Ordinal));
    }

    [Fact]
    public Task An_address_that_nobody_was_given() => MendsAsync(
        CheckKind.AddressUnknown, static world => [new IpamViewChange.AddressHeld(world.Plain with { Ip = world.Block.Block.Last })]);

    [Fact]
    public Task An_address_in_no_block() => MendsAsync(
        CheckKind.AddressStray, static world => [new IpamViewChange.AddressHeld(world.Plain with { Ip = IpAddress.Parse("10.9.9.9"), Block = Cidr.Parse("10.9.9.8/29") })]);

    [Fact]
    public Task An_address_with_another_holder() => MendsAsync(CheckKind.AddressDiffers, static world => [Freed(world.Plain)], static world => [new IpamViewChange.AddressHeld(world.Plain with { Handle = "thief" })]);

    [Fact]
    public Task An_address_with_other_attributes() => MendsAsync(
        CheckKind.AttributesDiffer, static world => [Freed(world.Dressed)], static world => [new IpamViewChange.AddressHeld(world.Dressed with { Attributes = Metadata.EmptyMap.Add("pod", "other") })]);

    [Fact]
    public Task A_resource_whose_row_is_gone() => MendsAsync(CheckKind.ResourceDiffers, static _ => [new IpamViewChange.ResourceGone("Node", "a")]);

    [Fact]
    public Task A_resource_that_was_edited() => MendsAsync(
        CheckKind.ResourceDiffers, static world => [new IpamViewChange.ResourceStored(world.Pool with { Body = world.Pool.Body.Replace("10.0.0.0", "10.1.0.0", StringComparison.Ordinal) })]);

    [Fact]
    public Task A_resource_that_nobody_created() => MendsAsync(CheckKind.ResourceDiffers, static world => [new IpamViewChange.ResourceStored(world.Pool with { Name = "ghost" })]);

    private static IpamViewChange Freed(AddressRow row) => new IpamViewChange.AddressFreed(row.Ip, row.Generation, "nobody", row.Since, "damage");

    private Task<ImmutableArray<string>> MendsAsync(CheckKind kind, Func<World, ImmutableArray<ViewChange>> damage, Func<Member, Task> before) => MendsAsync(kind, [damage], before);

    private Task<ImmutableArray<string>> MendsAsync(CheckKind kind, params Func<World, ImmutableArray<ViewChange>>[] damages) => MendsAsync(kind, damages, static _ => Task.CompletedTask);

    private async Task<ImmutableArray<string>> MendsAsync(CheckKind kind, Func<World, ImmutableArray<ViewChange>>[] damages, Func<Member, Task> before)
    {
        await using var under = await source.OpenAsync();
        await using var member = Member.Start(new(under.Journal, under.Views, TimeProvider.System, new SomeChance()), new() { Name = "m" });
        Must(await member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 29 }), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(new Node(new("a"), new()), dryRun: false, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "a", Handle = "dressed", Ipv4 = 1, Attributes = Attributes }, Cancellation));
        Must(await member.Door.AssignAsync(new() { Host = "a", Handle = "plain", Ipv4 = 2 }, Cancellation));
        await before(member);
        var world = await World.OfAsync(under.Views);
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();

        foreach (var damage in damages)
        {
            var unit = new Unit(new(Guid.NewGuid())) { At = DateTimeOffset.UnixEpoch, Member = "vandal", Views = damage(world) };
            (await under.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
        }

        (await member.Door.CheckAsync(Cancellation)).Problems.Select(static problem => problem.Kind).ShouldContain(kind);
        var repair = await member.Door.RepairAsync(tell: null, Cancellation);
        repair.Before.Problems.ShouldNotBeEmpty();
        repair.Repaired.ShouldNotBeEmpty();
        repair.After.Problems.ShouldBeEmpty();
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();

        // What was repaired is of use: what is held can be released, and the host gets more.
        Must(await member.Door.ReleaseHandleAsync(new() { Handle = "plain" }, Cancellation)).Released.Length.ShouldBe(2);
        Must(await member.Door.AssignAsync(new() { Host = "a", Handle = "more", Ipv4 = 4 }, Cancellation)).Ipv4.Length.ShouldBe(4);
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        return repair.Repaired;
    }

    private sealed record World(BlockRow Block, AddressRow Dressed, AddressRow Plain, ResourceRow Pool)
    {
        public static async Task<World> OfAsync(IViews views) => new(
            (await views.BlocksInAsync(null, 10, null, Cancellation))[0],
            (await views.AddressesOfHandleAsync("dressed", Cancellation)).Single(),
            (await views.AddressesOfHandleAsync("plain", Cancellation))[0],
            (await views.ResourcesAsync("IPPool", Cancellation)).Single());
    }

    private sealed class SomeChance : IChance
    {
        public Guid NewId() => Guid.NewGuid();

        public int Next(int limit) => Random.Shared.Next(limit);
    }
}
