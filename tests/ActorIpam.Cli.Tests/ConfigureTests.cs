using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class ConfigureTests
{
    private const string Stored = """{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"strictAffinity":true,"autoAllocateBlocks":true,"maxBlocksPerHost":4}}""";

    [Fact]
    public async Task Nothing_named_is_a_mistake() =>
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ipam", "configure"])).Exit.ShouldBe(1);

    [Fact]
    public async Task A_value_that_is_no_boolean_is_a_mistake() =>
        (await Ipamctl.RunAsync("http://127.0.0.1:1", "", ["ipam", "configure", "--strictaffinity=maybe"])).Exit.ShouldBe(1);

    [Fact]
    public async Task The_first_change_stores_the_configuration()
    {
        await using var member = new FakeMember();

        var ran = await Ipamctl.RunAsync(member, "ipam", "configure", "--strictaffinity=true");

        ran.ShouldBe(new(0, "Successfully set StrictAffinity to: true\n", ""));
        member.Asked[^1].ShouldStartWith("POST /apis/projectcalico.org/v3/ipamconfigurations");
        member.Asked[^1].ShouldContain("\"strictAffinity\":true");
        member.Asked[^1].ShouldContain("\"autoAllocateBlocks\":true");
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        await using var member = new FakeMember().With(Stored);

        (await Ipamctl.RunAsync(member, "ipam", "configure", "--ip-cooldown-seconds=30", "--kubevirt-ip-persistence=Disabled")).Exit.ShouldBe(0);

        member.Asked[^1].ShouldStartWith("PUT ");
        foreach (var part in (string[])["\"maxBlocksPerHost\":4", "\"ipCooldownSeconds\":30", "\"kubeVirtVMAddressPersistence\":\"Disabled\"", "\"resourceVersion\":"])
        {
            member.Asked[^1].ShouldContain(part);
        }
    }

    [Fact]
    public async Task What_is_so_already_is_not_written()
    {
        await using var member = new FakeMember().With(Stored);

        (await Ipamctl.RunAsync(member, "ipam", "configure", "--max-blocks-per-host=4")).Exit.ShouldBe(0);

        member.Asked.ShouldAllBe(asked => asked.StartsWith("GET "));
    }

    [Theory]
    [InlineData("--strictaffinity=false", "maxBlocksPerHost needs strictAffinity.")]
    [InlineData("--kubevirt-ip-persistence=Sometimes", null)]
    public async Task A_combination_that_makes_no_sense_is_refused_before_anything_is_sent(string option, string? sentence)
    {
        await using var member = new FakeMember().With(Stored);

        var ran = await Ipamctl.RunAsync(member, "ipam", "configure", option);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldContain(sentence ?? "Sometimes");
        member.Asked.ShouldAllBe(asked => asked.StartsWith("GET "));
    }
}
