using System.Reflection;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Runtime.Membership;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>What the first door saw of an address goes with its release, so that nobody looks twice, and a repeat is known by its own unit (docs/decisions/0010).</summary>
public sealed class SeenReleaseSpecs : TwoMembers
{
    private readonly List<string> _looks = [];

    private protected override IViews ViewsOf(string member)
    {
        var views = DispatchProxy.Create<IViews, LookedUp>();
        ((LookedUp)(object)views).Watch(Journal, look => _looks.Add($"{member}: {look}"));
        return views;
    }

    [Fact]
    public async Task An_address_is_looked_up_once_whoever_releases_it()
    {
        var (there, here) = ((await AssignAsync("web-1")).Single(), (await AssignAsync("web-2")).Single());
        _looks.Clear();
        (await A.Door.ReleaseAsync(new() { Addresses = [new(there)], RequestId = "r1" }, Cancellation)).Value.Released.ShouldBe([there]);
        _looks.ShouldBe(["a: AddressesAsync"]);

        _looks.Clear();
        Wire.Fate = Fate.Lost;
        (await A.Door.ReleaseAsync(new() { Addresses = [new(here)], RequestId = "r2" }, Cancellation)).Value.Released.ShouldBe([here]);
        _looks.ShouldBe(["a: AddressesAsync"]);
    }

    [Fact]
    public async Task A_final_release_that_names_its_host_is_placed_without_a_look()
    {
        await AssignAsync("web-1", Noon);
        _looks.Clear();
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Host = Host, Final = true, IssuedAt = Noon.AddSeconds(1) }, Cancellation)).Value.Released.ShouldHaveSingleItem();
        _looks.ShouldBe(["b: AddressesOfHandleAsync", "b: AddressesOfHandleAsync"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_release_that_is_repeated_tells_what_it_freed_and_leaves_who_holds_it_by_now(bool ownerAnswers)
    {
        var ip = (await AssignAsync("web-1")).Single();
        var release = new ReleaseRequest { Addresses = [new(ip)], RequestId = "r" };
        (await A.Door.ReleaseAsync(release, Cancellation)).Value.Released.ShouldBe([ip]);
        (await A.Door.ReleaseAsync(release, Cancellation)).Value.Released.ShouldBe([ip]);
        (await A.Door.AssignIpAsync(new() { Host = Host, Handle = "web-2", Ip = ip }, Cancellation)).IsRefused.ShouldBeFalse();

        Wire.Fate = ownerAnswers ? Fate.Delivered : Fate.Lost;
        (await A.Door.ReleaseAsync(release, Cancellation)).Value.Released.ShouldBe([ip]);
        (await A.Door.ReleaseAsync(release with { Addresses = [new(ip, "web-1")] }, Cancellation)).Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.RequestMismatch);
        (await HeldAsync("web-2")).ShouldBe([ip]);
    }

    /// <summary>A member of before tells no blocks; what no block could be is not believed.</summary>
    [Theory]
    [InlineData]
    [InlineData("10.9.0.0/30")]
    [InlineData("somewhere")]
    public async Task Without_the_block_of_an_address_it_is_looked_up(params string[] blocks)
    {
        var ip = (await AssignAsync("web-1")).Single();
        var generation = (await Journal.AddressesOfHandleAsync("web-1", Cancellation)).Single().Generation;
        _looks.Clear();
        var seen = new SeenRelease { Release = new() { Addresses = [new(ip)] }, Seen = [generation], Blocks = [.. blocks] };
        var answer = await Members["b"].Forwarded.ServeAsync(ForwardedCalls.Release, seen, TimeSpan.FromSeconds(1), MembershipOptions.ProtocolNumber, Cancellation);
        answer.Value.Released.ShouldBe([ip]);
        _looks.ShouldBe(["b: AddressesAsync"]);
    }

    /// <summary>Views that tell which look-ups of addresses and requests were made.</summary>
    public class LookedUp : DispatchProxy
    {
        private IViews? _views;
        private Action<string>? _tell;

        internal void Watch(IViews views, Action<string> tell) => (_views, _tell) = (views, tell);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name is nameof(IViews.AddressesAsync) or nameof(IViews.AddressesOfHandleAsync) or nameof(IViews.RequestAsync))
            {
                _tell!(targetMethod.Name);
            }

            return targetMethod.Invoke(_views, args);
        }
    }
}
