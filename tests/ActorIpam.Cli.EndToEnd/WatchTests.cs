using System.Threading.Channels;
using Shouldly;
using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>Watching a real member, by its watch or, where it has none, by listing.</summary>
public sealed class WatchTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_watch_tells_what_is_there_and_then_what_happens_until_it_is_interrupted()
    {
        await world.EmptyAsync();
        await world.DoAsync("create", "-f", world.Write("n1.yaml", Node("n1")));
        var screen = new Screen();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = World.RunAsync(world.Url, "", ["get", "nodes", "--watch"], t => t with { Out = screen }, interrupt.Token);

        (await screen.NextAsync()).ShouldBe("EVENT          NAME");
        (await screen.NextAsync()).ShouldBe("ADDED          n1");
        await world.DoAsync("create", "-f", world.Write("n2.yaml", Node("n2")));
        (await screen.NextAsync()).ShouldBe("ADDED          n2");
        await world.DoAsync("label", "node", "n1", "zone=east");
        (await screen.NextAsync()).ShouldBe("MODIFIED       n1");
        await world.DoAsync("delete", "node", "n2");
        (await screen.NextAsync()).ShouldBe("DELETED        n2");

        await interrupt.CancelAsync();
        (await watching).ShouldBe(new(0, "", ""));
    }

    /// <summary>Hands over line by line what is printed.</summary>
    private sealed class Screen : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

        public async Task<string> NextAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
