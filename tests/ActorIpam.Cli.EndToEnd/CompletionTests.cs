using Shouldly;
using Xunit;
using static ActorIpam.Cli.EndToEnd.Definitions;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>The completion of a real bash, with the program as a process.</summary>
public sealed class CompletionTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("ipamctl get ipp", "ippool")]
    [InlineData("ipamctl get ippool w", "web web-6")]
    [InlineData("ipamctl label node n", "n1")]
    [InlineData("ipamctl ipam ma", "map")]
    [InlineData("ipamctl ipam map ", "database web web-6")]
    [InlineData("ipamctl ipam assign --host ", "n1")]
    [InlineData("ipamctl completion z", "zsh")]
    [InlineData("ipamctl apply --pr", "--prune")]
    public async Task A_shell_is_offered_commands_kinds_names_and_options(string typed, string offered)
    {
        await world.EmptyAsync();
        await world.DoAsync("apply", "-f", world.Write("w.yaml", Several(Node("n1"), Pool("web", "10.1.0.0/16"), Pool("web-6", "fd00::/64"), Pool("database", "10.2.0.0/16"))));

        var script = $$"""
            source <(ipamctl completion bash)
            COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}}
            IFS=' ' read -ra COMP_WORDS <<<"$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ipamctl
            printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
            """;
        var ran = await Shell.RunAsync(script, world.Url);

        ran.ShouldBe(new(0, offered + "\n", ""));
    }
}
