using Shouldly;
using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd;

public sealed class CompletionTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("get ipp", "ippool")]
    [InlineData("get ippool w", "web web-6")]
    [InlineData("get ippool ", "database web web-6")]
    [InlineData("label node n", "n1")]
    [InlineData("ipam map ", "database web web-6")]
    [InlineData("ipam assign --host ", "n1")]
    [InlineData("ipam assign --host n1 --pool d", "database")]
    [InlineData("get -o y", "yaml")]
    public async Task Kinds_names_and_formats_are_offered(string typed, string offered)
    {
        await world.EmptyAsync();
        await world.DoAsync("apply", "-f", world.Write("w.yaml", Several(Node("n1"), Pool("web", "10.1.0.0/16"), Pool("web-6", "fd00::/64"), Pool("database", "10.2.0.0/16"))));

        (await OfferedAsync(world.Url, typed)).ShouldBe(offered);
    }

    [Theory]
    [InlineData("ipam ma", "map")]
    [InlineData("completion z", "zsh")]
    [InlineData("get ippool ", "")]
    public async Task Without_a_member_the_rest_is_still_offered(string typed, string offered) =>
        (await OfferedAsync("http://127.0.0.1:1", typed)).ShouldBe(offered);

    [Fact]
    public async Task A_bash_with_the_script_completes_a_line()
    {
        const string script = """
            source <(ipamctl completion bash)
            COMP_LINE='ipamctl apply --pr' COMP_POINT=18 COMP_WORDS=(ipamctl apply --pr) COMP_CWORD=2
            _ipamctl
            echo "${COMPREPLY[@]}"
            COMP_LINE='ipamctl delete ' COMP_POINT=15 COMP_WORDS=(ipamctl delete '') COMP_CWORD=2
            _ipamctl
            echo "${COMPREPLY[@]}"
            complete -p ipamctl
            """;

        (await Shell.RunAsync(script, world.Url)).ShouldBe(new(0, "--prune\nipamconfiguration ippool ipreservation node\ncomplete -o default -F _ipamctl ipamctl\n", ""));
    }

    /// <summary>What begins as typed, as the scripts choose it: options only when a dash is typed.</summary>
    private static async Task<string> OfferedAsync(string server, string typed)
    {
        var ran = await World.RunAsync(server, "", [$"[suggest:{typed.Length}]", typed], t => t with { SuggestWithin = TimeSpan.FromSeconds(60) });
        var begun = typed[(typed.LastIndexOf(' ') + 1)..];
        ran.Error.ShouldBeEmpty();
        return string.Join(' ', ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(begun, StringComparison.Ordinal) && word[0] is not ('-' or '/')));
    }
}
