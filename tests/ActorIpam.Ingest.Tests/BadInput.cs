using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

public sealed class BadInput
{
    public static TheoryData<string, string> Sentences => new()
    {
        // Unknown fields and kinds, wrong types.
        { Manifest.Pool("cidr: 10.1.0.0/16\nblocksize: 26"), "in.yaml:7:3: spec.blocksize is no known field." },
        { Manifest.Web + "\nextra:\n  a: 1\n", "in.yaml:7:1: extra is no known field." },
        { Manifest.Pool("cidr: 10.1.0.0/16\nblockSize: twelve"), "in.yaml:7:14: spec.blockSize must be a whole number of 32 bits, not a text." },
        { Manifest.Pool("cidr: 10.1.0.0/16\nblockSize: '26'"), "in.yaml:7:14: spec.blockSize must be a whole number of 32 bits, not a text." },
        { Manifest.Pool("natOutgoing: yes"), "in.yaml:6:16: spec.natOutgoing must be true or false, not a text." },
        { Manifest.Pool("allowedUses: Workload"), "in.yaml:6:16: spec.allowedUses must be a list, not a text." },
        { Manifest.Pool("allowedUses:\n- Workload\n- 7"), "in.yaml:8:5: spec.allowedUses[1] must be a text, not 7." },
        { "kind: IPPool\nmetadata: {name: web}", "in.yaml:1:1: apiVersion is required." },
        { "apiVersion: projectcalico.org/v3\nkind: IpPool", "in.yaml:2:7: kind must be IPPool, Node, IPReservation, IPAMConfiguration, not 'IpPool'." },
        { "apiVersion: v2\nkind: IPPool\nmetadata: {name: web}", "in.yaml:1:13: apiVersion must be projectcalico.org/v3, not 'v2'." },
        { "just words", "in.yaml:1:1: A resource must be a JSON object." },

        // Keys.
        { Manifest.Web + "\nkind: Node", "in.yaml:7:1: 'kind' is given twice; the first is in line 2." },
        { "a: 1\n? [b]\n: 2", "in.yaml:2:3: A field's name must be a text." },
        { "'': 1", "in.yaml:1:1: A field without a name." },
        { $"{{\"{new string('k', 1025)}\": 1}}", "in.yaml:1:2: A field's name may have at most 1024 characters." },

        // More of YAML than is read here.
        { "a: &x 1", "in.yaml:1:4: Anchors (&x) are not read here; write the value out where it is used." },
        { "a: *x", "in.yaml:1:4: Aliases (*x) are not read here; write the value out." },
        { "a: !!str 1", "in.yaml:1:4: Tags (tag:yaml.org,2002:str) are not read here; remove it." },
        { "a: ! 1", "in.yaml:1:4: Tags (!) are not read here; remove it." },
        { "# first\n%YAML 1.1\n---\n" + Manifest.Web, "in.yaml:2:1: Directives (%YAML, %TAG) are not read here; remove the line." },
        { "a: 026", "in.yaml:1:4: 026 is read as octal by some and as decimal by others: write it without the leading zero, or in quotes if it is a text." },
        { "a: .inf", "in.yaml:1:4: .inf is not a number that can be stored; in quotes it is a text." },
        { "a: 0xfffffffffffffffff", "in.yaml:1:4: 0xffffff… is too large a number." },

        // Lists.
        { "kind: List\napiVersion: v1", "in.yaml:1:1: A list needs items." },
        { "kind: List\nitems: 5", "in.yaml:2:8: items must be a list of resources." },
        { "kind: List\nitems: []\nspec: {}", "in.yaml:3:1: spec is not a field of a list." },
        { "- kind: Nonsense\n  apiVersion: projectcalico.org/v3", "in.yaml:1:9: kind must be IPPool, Node, IPReservation, IPAMConfiguration, not 'Nonsense'." },

        // JSON.
        { "{\"a\": 1,\n \"a\": 2}", "in.yaml:2:2: 'a' is given twice; the first is in line 1." },
        { "---\n{\"a\": \"\\ud800\"}", "in.yaml:2:7: The text holds half of a character (a lone surrogate)." },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void It_is_refused_with_its_place_and_a_sentence(string text, string sentence) => Manifest.Read(text).Complaints().ShouldBe([sentence]);

    [Theory]
    [InlineData("a: [1, 2", "in.yaml:2:1: ")]
    [InlineData("a: 1\n b: 2", "in.yaml:2:")]
    [InlineData("a: 'open", "in.yaml:1:")]
    [InlineData("a:\n\t- b", "in.yaml:1:1: ")]
    [InlineData("a: \"\\ud83d\"", "in.yaml:1:4: ")]
    public void Broken_yaml_says_so_and_where(string text, string place)
    {
        var complaint = Manifest.Read(text).Complaints().ShouldHaveSingleItem();

        complaint.ShouldStartWith(place);
        complaint.ShouldContain("This is not readable YAML: ");
    }

    [Theory]
    [InlineData("{\"a\": 1,}", "in.json:1:9: This is not readable JSON: ")]
    [InlineData("\n{\"a\" 1}", "in.json:2:6: This is not readable JSON: ")]
    [InlineData("{\"a\": 1", "in.json:1:8: This is not readable JSON: ")]
    [InlineData("a: 1", "in.json:1:1: This is not readable JSON: ")]
    [InlineData("{\"a\": 1} // comment", "in.json:1:10: This is not readable JSON: ")]
    public void Broken_json_says_so_and_where(string text, string start) =>
        Manifests.Read("in.json", text, json: true).Complaints().ShouldHaveSingleItem().ShouldStartWith(start);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    public void Nesting_is_bounded(string open, string close)
    {
        string Nested(int levels) => string.Concat(Enumerable.Repeat(open, levels)) + "1" + string.Concat(Enumerable.Repeat(close, levels));

        Manifest.Read(Nested(IngestLimits.MaxDepth)).Problems.ShouldNotContain(p => p.Message.Contains("nests deeper", StringComparison.Ordinal));
        Manifest.Read(Nested(IngestLimits.MaxDepth + 1)).Problems.ShouldHaveSingleItem().Message.ShouldBe("This nests deeper than 32 levels.");
        Manifest.Read(Nested(100_000)).Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_document_has_at_most_a_mebibyte()
    {
        var long1 = $"{Manifest.Web}\n# {new string('x', IngestLimits.MaxDocumentBytes)}";

        Manifest.Read(long1).Complaints().ShouldBe(["in.yaml:1:1: The document is longer than 1024 KiB."]);
        Manifest.Read($"{Manifest.Web}\n---\n{long1}").Complaints().ShouldBe(["in.yaml:7:1: The document is longer than 1024 KiB."]);
    }

    [Fact]
    public void One_broken_document_spoils_the_whole_input_and_all_of_them_are_told()
    {
        var text = $"{Manifest.Web}\n---\nkind: [\n---\n{Manifest.Db}\nnonsense: 1\n";

        var complaints = Manifest.Read(text).Complaints();

        complaints.Length.ShouldBe(2);
        complaints[0].ShouldStartWith("in.yaml:");
        complaints[1].ShouldBe("in.yaml:16:1: nonsense is no known field.");
    }

    [Fact]
    public void Problems_are_listed_up_to_a_bound() =>
        Manifest.Read(string.Concat(Enumerable.Repeat("---\nwords\n", 500))).Problems.Length.ShouldBe(IngestLimits.MaxProblems);
}
