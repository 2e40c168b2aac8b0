using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Cli.Printing;

namespace ActorIpam.Cli.Care;

/// <summary>Prints what became of a backup, a restore or a move: one sentence, or one line of JSON.</summary>
internal static class CareAnswer
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Session session, string sentence, JsonObject facts) => session.Terminal.Out.WriteLine(session.Format.Kind switch
    {
        OutputKind.Json => facts.ToJsonString(Readable),
        OutputKind.Table or OutputKind.Wide => sentence,
        _ => throw new CommandFailure("This is printed as table or json."),
    });

    public static JsonObject Rows(IEnumerable<KeyValuePair<string, long>> rows) => new(rows.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
