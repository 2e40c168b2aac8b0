using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("apply")]
    [InlineData("create")]
    [InlineData("replace")]
    [InlineData("delete")]
    [InlineData("get")]
    [InlineData("validate")]
    [InlineData("ipam")]
    [InlineData("ipam assign")]
    [InlineData("ipam release")]
    [InlineData("ipam show")]
    [InlineData("ipam map")]
    public async Task Every_command_shows_its_options_and_an_example(string command)
    {
        var ran = await Ipamctl.RunAsync(null, "", [.. command.Split(' '), "--help"]);

        ran.Exit.ShouldBe(0);
        ran.Error.ShouldBeEmpty();
        ran.Out.ShouldContain("--server");
        ran.Out.ShouldContain("Examples:");
        ran.Out.ShouldContain($"ipamctl {command}");
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("get", "--fly")]
    [InlineData("ipam", "assign")]
    [InlineData("ipam")]
    public async Task A_wrong_line_is_told_on_standard_error_with_status_1(params string[] arguments)
    {
        var ran = await Ipamctl.RunAsync(null, "", arguments);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldNotBeEmpty();
    }
}
