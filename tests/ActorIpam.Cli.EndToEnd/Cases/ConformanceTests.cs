using Shouldly;
using Xunit;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Brings the world into the state a case speaks of, and plays it.</summary>
internal delegate Task Handler(World world, CliCase one);

/// <summary>The cases of the section cli, each with a handler of its own name.</summary>
public sealed class ConformanceTests(World world) : IClassFixture<World>
{
    private static readonly Dictionary<string, Handler> Handlers =
        new[] { GetCases.All, WriteCases.All, InputCases.All, LabelCases.All, IpamCases.All, ConfigureCases.All }
            .SelectMany(family => family).ToDictionary(pair => pair.Id, pair => pair.Handler, StringComparer.Ordinal);

    public static TheoryData<string> Ids => [.. Handlers.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_case_of_the_file_has_a_handler_and_every_handler_a_case() =>
        Handlers.Keys.Order(StringComparer.Ordinal).ShouldBe(CliCase.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_command_line_does_what_the_case_says(string id)
    {
        await world.EmptyAsync();
        await Handlers[id](world, CliCase.All[id]);
    }
}
