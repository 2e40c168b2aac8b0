using System.Text.RegularExpressions;
using ActorIpam.Cli.Tests;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>The examples of the reference that are marked runnable do run, one block after the other, with the definitions of the quickstart.</summary>
public sealed partial class ReferenceTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_examples_marked_runnable_run_in_their_order()
    {
        await world.EmptyAsync();
        await world.DoAsync("apply", "-f", Path.Combine(Golden.Root, "deploy/examples/quickstart"));
        var blocks = Runnable().Matches(await File.ReadAllTextAsync(Path.Combine(Golden.Root, "docs/reference/ipamctl.md"), TestContext.Current.CancellationToken)).Select(m => m.Groups[1].Value).ToList();

        blocks.Count.ShouldBeGreaterThan(5);
        foreach (var block in blocks)
        {
            var ran = await Shell.RunAsync(block, world.Url);
            ran.Exit.ShouldBe(0, $"{block}\n{ran.Out}\n{ran.Error}");
        }
    }

    [GeneratedRegex(@"^```sh runnable\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Runnable();
}
