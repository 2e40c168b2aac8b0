using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

public sealed class GoodInput
{
    private const string JsonNode = """{"apiVersion": "projectcalico.org/v3", "kind": "Node", "metadata": {"name": "n1", "labels": {"rack": "r1"}}}""";

    [Fact]
    public void One_document_is_one_resource() => Manifest.Read(Manifest.Web).OnlyPool().Cidr.ShouldBe("10.1.0.0/16");

    [Fact]
    public void Several_documents_are_resources_in_their_order() =>
        Manifest.Read($"---\n{Manifest.Web}\n---\n# nothing here\n---\n{Manifest.Db}\n...\n").Names().ShouldBe(["web", "db"]);

    [Fact]
    public void A_resource_knows_the_line_it_starts_at()
    {
        var read = Manifest.Read($"# pools\n{Manifest.Web}\n---\n\n{Manifest.Db}");

        read.Resources.Select(r => r.At).ShouldBe([new Position(2, 1), new Position(10, 1)]);
    }

    [Fact]
    public void A_list_kind_is_taken_apart()
    {
        const string list = """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: web}, spec: {cidr: 10.1.0.0/16}}
            - {apiVersion: projectcalico.org/v3, kind: Node, metadata: {name: n1}}
            """;

        Manifest.Read(list).Names().ShouldBe(["web", "n1"]);
    }

    [Fact]
    public void What_get_prints_as_a_list_can_be_applied_again() =>
        Manifest.Read("kind: IPPoolList\napiVersion: projectcalico.org/v3\nmetadata: {resourceVersion: '7'}\nitems:\n- " + Manifest.Web.Replace("\n", "\n  ", StringComparison.Ordinal))
            .Names().ShouldBe(["web"]);

    [Fact]
    public void A_top_level_array_is_taken_apart() =>
        Manifest.Read("- " + Manifest.Web.Replace("\n", "\n  ", StringComparison.Ordinal) + $"\n- {JsonNode}").Names().ShouldBe(["web", "n1"]);

    [Theory]
    [InlineData(JsonNode)]
    [InlineData("\n\t" + JsonNode + "\n")]
    [InlineData("[" + JsonNode + "]")]
    [InlineData("--- " + JsonNode)]
    [InlineData("\uFEFF" + JsonNode)]
    public void Json_is_read_as_well(string text) => Manifest.Read(text).Names().ShouldBe(["n1"]);

    [Fact]
    public void Json_and_yaml_documents_may_be_mixed() =>
        Manifest.Read($"{JsonNode}\n---\n{Manifest.Web}\n---\n{JsonNode}{JsonNode}").Names().ShouldBe(["n1", "web", "n1", "n1"]);

    [Fact]
    public void Json_escapes_are_understood() =>
        Manifest.Read(JsonNode.Replace("r1", "a\\/b\\u0041\\ud83d\\ude00", StringComparison.Ordinal)).Resources[0].Resource.Metadata.Labels["rack"]
            .ShouldBe("a/bA\U0001F600");

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Any_line_ends_will_do(string lineEnd) =>
        Manifest.Read($"{Manifest.Web}\n---\n{Manifest.Db}\n".ReplaceLineEndings(lineEnd)).Names().ShouldBe(["web", "db"]);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment\n---\n---\n# another\n...\n")]
    [InlineData("null")]
    [InlineData("[]")]
    public void An_input_without_resources_is_empty_and_not_broken(string text) => Manifest.Read(text).IsEmpty.ShouldBeTrue();

    [Theory]
    [InlineData("yes")]
    [InlineData("off")]
    [InlineData("0b101")]
    [InlineData("1_000")]
    [InlineData("12:30:45")]
    [InlineData("2026-01-01")]
    [InlineData("'26'")]
    [InlineData("\"true\"")]
    [InlineData("'~'")]
    public void What_yaml_1_2_calls_a_text_is_a_text(string written) =>
        Manifest.Read(Manifest.Pool($"nodeSelector: {written}")).OnlyPool().NodeSelector.ShouldBe(written.Trim('\'', '"'));

    [Theory]
    [InlineData("24", 24)]
    [InlineData("+24", 24)]
    [InlineData("0x18", 24)]
    [InlineData("0o30", 24)]
    [InlineData("0", 0)]
    public void Numbers_are_read_as_yaml_1_2_says(string written, int expected) =>
        Manifest.Read(Manifest.Pool($"blockSize: {written}")).OnlyPool().BlockSize.ShouldBe(expected);

    [Theory]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    public void Null_counts_as_left_out(string written) => Manifest.Read(Manifest.Pool($"blockSize: {written}")).OnlyPool().BlockSize.ShouldBeNull();

    [Fact]
    public void A_rule_that_is_broken_later_is_shown_where_the_field_is_written()
    {
        var pool = Manifest.Read(Manifest.Pool("cidr: 10.1.0.0/16\nblockSize: 64"), "pool.yaml").Resources[0];

        var problem = pool.Locate(ResourceRules.Validate(pool.Resource).ShouldHaveSingleItem());

        problem.ToString().ShouldBe("pool.yaml:7:14: spec.blockSize must be 20 to 32 for IPv4, not 64.");
    }

    [Theory]
    [InlineData("spec.addresses[1].type", 9, 35)]
    [InlineData("spec.addresses[7].type", 8, 3)]
    [InlineData("spec.bgp.asNumber", 7, 3)]
    [InlineData("metadata.labels[topology.kubernetes.io/zone]", 5, 42)]
    [InlineData("metadata.labels.topology.kubernetes.io/zone", 5, 42)]
    [InlineData("metadata.labels[other]", 5, 11)]
    [InlineData("nowhere", 1, 1)]
    [InlineData(null, 1, 1)]
    public void A_field_is_found_or_the_nearest_that_encloses_it(string? field, int line, int column)
    {
        const string node = """
            apiVersion: projectcalico.org/v3
            kind: Node
            metadata:
              name: n1
              labels: {topology.kubernetes.io/zone:  'z1'}
            spec:
              addresses:
              - {address: 10.0.0.1, type: InternalIP}
              - {address: 10.0.0.2, type:     ExternalIP}
            """;

        Manifest.Read(node).Resources[0].Locate(field, "is odd").At.ShouldBe(new Position(line, column));
    }

    [Fact]
    public void A_refusal_without_a_field_is_shown_at_the_start() =>
        Manifest.Read(Manifest.Web).Resources[0].Locate(new Refusal(RefusalCode.AlreadyExists, "It is there.")).ToString().ShouldBe("in.yaml:1:1: It is there.");
}
