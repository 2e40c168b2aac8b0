using System.Text.Json;
using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

/// <summary>Damaged input, from fixed seeds: whatever comes in, it is read or refused, and nothing escapes.</summary>
public sealed class Mutations
{
    private const int Rounds = 4_000;

    private static readonly string[] Seeds =
    [
        $"---\n{Manifest.Web}\n---\n{Manifest.Db}\n...\n",
        """{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"n1","labels":{"a":"b\u00e4\/"}},"spec":{"bgp":{"asNumber":64512}}}""",
        "- {apiVersion: projectcalico.org/v3, kind: IPReservation, metadata: {name: r}, spec: {reservedCIDRs: [10.0.0.1, \"::/64\"]}}\n- |\n  text\n  more\n- >-\n  folded\n",
        "%YAML 1.2\n---\na: &x !!str 'b'\nc: *x\n<<: {d: 0x1F, e: -1.5e3, f: .nan}\n? complex\n: value\n",
    ];

    private static readonly string[] Pieces =
        ["---", "...", "\n", "\t", "  ", "- ", ": ", "? ", "{", "}", "[", "]", ",", "'", "\"", "\\", "\\ud800", "&a", "*a", "!!x", "%", "#", "|", ">", "|9-", "~", "0x", "1e999", "\uFEFF", "\0", "\u0085", "\u2028", "é", "\U0001F600", "\uD800", "\r"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_input_is_read_or_refused(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = Damage(Seeds[chance.Next(Seeds.Length)], chance);

            var json = chance.Next(4) == 0;

            var read = Should.NotThrow(() => Manifests.Read("in", text, json), $"seed {seed}, round {round}: {JsonSerializer.Serialize(text)}");

            (read.Resources.Length == 0 || read.Problems.Length == 0).ShouldBeTrue();
            read.Problems.ShouldAllBe(p => p.Message.Length > 0 && p.At!.Value.Line >= 1 && p.At.Value.Column >= 1);
        }
    }

    private static string Damage(string text, Random chance)
    {
        for (var wounds = chance.Next(1, 6); wounds > 0; wounds--)
        {
            var at = chance.Next(text.Length + 1);
            var cut = Math.Min(chance.Next(4) == 0 ? chance.Next(40) : chance.Next(3), text.Length - at);
            text = chance.Next(3) switch
            {
                0 => text.Remove(at, cut),
                1 => text.Insert(at, Pieces[chance.Next(Pieces.Length)]),
                _ => text.Insert(at, text.Substring(chance.Next(at + 1), Math.Min(cut, text.Length - at))),
            };
        }

        return text;
    }
}
