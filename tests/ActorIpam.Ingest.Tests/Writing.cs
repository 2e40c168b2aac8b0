using System.Text.Json;
using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

public sealed class Writing
{
    [Fact]
    public void Values_are_written_in_block_style()
    {
        const string json = """{"kind":"IPPool","metadata":{"name":"web","labels":{}},"spec":{"cidr":"10.1.0.0/16","blockSize":26,"disabled":false,"allowedUses":["Workload","Tunnel"],"none":[]}}""";

        YamlText.Write(JsonElement.Parse(json)).ShouldBe("""
            kind: IPPool
            metadata:
              name: web
              labels: {}
            spec:
              cidr: 10.1.0.0/16
              blockSize: 26
              disabled: false
              allowedUses:
              - Workload
              - Tunnel
              none: []

            """);
    }

    [Theory]
    [InlineData("26")]
    [InlineData("026")]
    [InlineData("true")]
    [InlineData("yes")]
    [InlineData("NO")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1e5")]
    [InlineData("1_000")]
    [InlineData("12:34:56")]
    [InlineData("2026-08-04T14:02:00Z")]
    [InlineData("0x1f")]
    [InlineData(".inf")]
    [InlineData("- a")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("{a}")]
    [InlineData("*x")]
    [InlineData("&x")]
    [InlineData("!x")]
    [InlineData("%x")]
    [InlineData("---")]
    [InlineData("two\nlines\n")]
    [InlineData("tab\tand \"quotes\" and 'these' and \\")]
    [InlineData("rack == \"r1\" && has(ssd)")]
    [InlineData("ä \U0001F600 \u0085\u2028")]
    public void A_text_stays_the_text_it_is(string text)
    {
        var yaml = YamlText.Write(JsonSerializer.SerializeToElement(new Dictionary<string, object?> { ["apiVersion"] = "projectcalico.org/v3", ["kind"] = "Node", ["metadata"] = new { name = "n1", labels = new Dictionary<string, string> { ["a"] = text, [text + "k"] = "b" } } }));

        var labels = Manifest.Read(yaml).Resources.ShouldHaveSingleItem(yaml).Resource.Metadata.Labels;

        labels["a"].ShouldBe(text);
        labels[text + "k"].ShouldBe("b");
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fd00::1")]
    [InlineData("10.1.0.0/16")]
    [InlineData("all()")]
    [InlineData("web")]
    public void What_nobody_mistakes_is_written_without_quotes(string text) => YamlText.Write(JsonSerializer.SerializeToElement(text)).Trim().ShouldBe(text);
}
