using ActorIpam.Domain.Resources;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class ExplainTests
{
    [Fact]
    public async Task Every_field_of_every_kind_can_be_explained()
    {
        foreach (var names in ResourceKinds.All)
        {
            foreach (var (path, field) in ResourceSchema.Paths(names.Kind))
            {
                var ran = await ExplainAsync($"{names.Singular}.{path.Replace("[]", "", StringComparison.Ordinal)}");

                ran.Exit.ShouldBe(0, path);
                ran.Out.ShouldContain($"FIELD:    {field.Name} <");
                string.Join(' ', ran.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldContain(field.Description);
            }
        }
    }

    [Fact]
    public async Task A_field_tells_its_type_its_values_and_its_default()
    {
        (await ExplainAsync("IPP.spec.blockSize")).Out.ShouldBe("""
            KIND:     IPPool
            VERSION:  projectcalico.org/v3

            FIELD:    blockSize <integer>

            DESCRIPTION:
                The prefix length of a block: 20 to 32 for IPv4 (default 26), 116 to 128 for IPv6 (default 122).
                From 0 to 128.
                It cannot change after creation.

            """);
        (await ExplainAsync("pool.spec.vxlanMode")).Out.ShouldEndWith("    One of: Never, Always, CrossSubnet.\n    Default: \"Never\".\n");
        (await ExplainAsync("node", "--recursive")).Out.ShouldContain("    bgp <object>\n      ipv4Address <string>\n");
    }

    [Theory]
    [InlineData("There is no kind 'bogus'", "bogus.spec")]
    [InlineData("spec has no field 'colour': there are cidr, blockSize,", "ippool.spec.colour")]
    [InlineData("IPPool has no field 'cidr': there are apiVersion, kind, metadata, spec, status.", "ippool.cidr")]
    [InlineData("cidr has no fields.", "ippool.spec.cidr.more")]
    public async Task What_does_not_exist_is_told_with_what_does(string sentence, string path)
    {
        var ran = await ExplainAsync(path);

        ran.Exit.ShouldBe(1);
        ran.Out.ShouldBeEmpty();
        ran.Error.ShouldStartWith($"ipamctl: {sentence}");
    }

    /// <summary>Nobody is asked: there is no member at this address.</summary>
    private static Task<Ipamctl.Ran> ExplainAsync(params string[] words) => Ipamctl.RunAsync("http://127.0.0.1:1", "", ["explain", .. words]);
}
