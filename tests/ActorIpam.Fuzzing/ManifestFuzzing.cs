using System.Text.Json;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;
using Shouldly;
using Xunit;

namespace ActorIpam.Fuzzing;

/// <summary>Manifests: resources or problems with a place, never both; what was read is written as YAML and read back as the same.</summary>
public sealed class ManifestFuzzing
{
    private static readonly string[] Samples =
    [
        "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: web\nspec:\n  cidr: 10.0.0.0/16\n  blockSize: 26\n  nodeSelector: all()\n  natOutgoing: true\n",
        "---\napiVersion: projectcalico.org/v3\nkind: Node\nmetadata: {name: n1, labels: {zone: a, \"k/x\": 'b'}}\nspec:\n  bgp: {asNumber: 64512, ipv4Address: 10.1.1.1/24}\n---\n# nothing\n",
        "- {apiVersion: projectcalico.org/v3, kind: IPReservation, metadata: {name: r}, spec: {reservedCIDRs: [10.0.0.1, \"fd00::/64\"]}}\n",
        """{"apiVersion":"projectcalico.org/v3","kind":"List","items":[{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"strictAffinity":true,"maxBlocksPerHost":4}}]}""",
    ];

    [Fact]
    public void Every_manifest_is_read_or_its_problems_are_told() => Fuzz.Play(
        chance => chance.Percent(15) ? chance.Of(Samples) : Damage.Of(chance.Of(Samples), chance),
        text =>
        {
            var read = Manifests.Read("in", text);
            (read.Resources.Length == 0 || read.Problems.Length == 0).ShouldBeTrue();
            read.Problems.ShouldAllBe(problem => problem.Message.Length > 0 && (problem.At == null || problem.At.Value.Line >= 1));
            foreach (var resource in read.Resources.Select(one => one.Resource))
            {
                var json = ResourceJson.Write(resource);
                var yaml = ActorIpam.Ingest.YamlText.Write(JsonElement.Parse(json));
                var again = Manifests.Read("again", yaml);
                again.Problems.ShouldBeEmpty(yaml);
                ResourceJson.Write(again.Resources.ShouldHaveSingleItem().Resource).ShouldBe(json);
            }

            return read.Resources.Length > 0;
        });

    [Theory]
    [InlineData("ends with a tab\t")]
    [InlineData("\tbegins with one")]
    [InlineData(" blank ")]
    [InlineData("a\tb")]
    [InlineData("next\u0085line")]
    public void A_text_with_blanks_at_its_ends_comes_back_from_yaml(string text)
    {
        var yaml = ActorIpam.Ingest.YamlText.Write(JsonSerializer.SerializeToElement(text));
        Manifests.ReadAny("again", yaml, out var problem)!.Value.GetString().ShouldBe(text, $"{yaml} {problem}");
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    [InlineData("a:\n ", "")]
    public void A_bomb_of_depth_is_refused(string open, string close)
    {
        foreach (var depth in (int[])[40, 2_000, 50_000])
        {
            var read = Manifests.Read("bomb", string.Concat(Enumerable.Repeat(open, depth)) + "x" + string.Concat(Enumerable.Repeat(close, depth)));
            read.IsBroken.ShouldBeTrue();
        }
    }
}
