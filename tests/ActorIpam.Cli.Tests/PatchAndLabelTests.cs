using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class PatchAndLabelTests
{
    private const string Patch = "PATCH /apis/projectcalico.org/v3/nodes/n1 ";

    [Theory]
    [InlineData("""{"spec": {"bgp": {"asNumber": 64512}}}""")]
    [InlineData("spec: {bgp: {asNumber: 64512}}")]
    [InlineData("spec:\n  bgp:\n    asNumber: 64512\n")]
    public async Task A_patch_in_json_or_yaml_is_sent_as_json(string patch)
    {
        await using var member = Labelled();

        (await Ipamctl.RunAsync(member, "patch", "node", "n1", "-p", patch, "-t", "strategic")).ShouldBe(new(0, "Patched Node 'n1'.\n", ""));

        member.Asked.ShouldBe([Patch + """{"spec":{"bgp":{"asNumber":64512}}}"""]);
    }

    [Theory]
    [InlineData("[]", "-p: A patch is one object")]
    [InlineData("", "-p: A patch is one object")]
    [InlineData("{}{}", "-p:1:3: ")]
    [InlineData("a: 1\n---\nb: 2", "-p: A patch is one object")]
    [InlineData("a: [1", "-p:2:1: ")]
    [InlineData("""{"a": }""", "-p:1:7: ")]
    public async Task What_is_no_patch_is_told_and_nothing_is_sent(string patch, string sentence)
    {
        await using var member = Labelled();

        var ran = await Ipamctl.RunAsync(member, "patch", "node", "n1", "-p", patch);

        ran.Exit.ShouldBe(1);
        ran.Error.ShouldStartWith($"ipamctl: {sentence}");
        member.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Labels_are_set_in_the_version_that_was_judged()
    {
        await using var member = Labelled();

        (await Ipamctl.RunAsync(member, "label", "node", "n1", "rack=7", "zone=west", "--overwrite")).ShouldBe(new(0, "Set 2 labels of Node 'n1'.\n", ""));
        (await Ipamctl.RunAsync(member, "label", "node", "n1", "zone", "--remove")).ShouldBe(new(0, "Removed 1 label of Node 'n1'.\n", ""));

        member.Asked.Where(call => call.StartsWith(Patch, StringComparison.Ordinal)).ShouldBe(
        [
            Patch + """{"metadata":{"resourceVersion":"41","labels":{"rack":"7","zone":"west"}}}""",
            Patch + """{"metadata":{"resourceVersion":"41","labels":{"zone":null}}}""",
        ]);
    }

    [Fact]
    public async Task A_label_that_is_there_already_is_a_success_without_a_change()
    {
        await using var member = Labelled();

        (await Ipamctl.RunAsync(member, "label", "node", "n1", "zone=east")).Exit.ShouldBe(0);

        member.Asked.ShouldBe(["GET /apis/projectcalico.org/v3/nodes/n1"]);
    }

    [Theory]
    [InlineData("Node 'n1' has the label 'zone' with the value 'east': --overwrite changes it.", "zone=west")]
    [InlineData("Node 'n1' has the label 'zone' with the value 'east': --overwrite changes it.", "rack=7", "zone=west")]
    [InlineData("Node 'n1' has no label 'rack'.", "zone", "rack", "--remove")]
    [InlineData("A label is written K=V, not 'zone'.", "zone")]
    [InlineData("A label is written K=V, not '=east'.", "=east")]
    [InlineData("--remove takes the names of labels, not 'zone=east'.", "zone=east", "--remove")]
    [InlineData("The label 'zone' is given twice.", "zone=a", "zone=b", "--overwrite")]
    public async Task All_labels_are_changed_or_none(string sentence, params string[] words)
    {
        await using var member = Labelled();

        (await Ipamctl.RunAsync(member, ["label", "node", "n1", .. words])).ShouldBe(new(1, "", $"ipamctl: {sentence}\n"));

        member.Asked.ShouldNotContain(call => call.StartsWith("PATCH", StringComparison.Ordinal));
    }

    private static FakeMember Labelled() =>
        new FakeMember().With("""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"n1","labels":{"zone":"east"}},"spec":{}}""");
}
