using System.Collections.Immutable;
using System.Text.Json;

namespace ActorIpam.Ingest;

/// <summary>A value of JSON's model that remembers where it was written.</summary>
internal abstract record SourceNode(Position At)
{
    /// <summary>A single value: its JSON text (of a string: the string), and what was written.</summary>
    internal sealed record Scalar(Position At, JsonValueKind Kind, string Text, string Source) : SourceNode(At)
    {
        /// <exception cref="UnreadableException">The text holds half a surrogate pair: no UTF-8 can carry it.</exception>
        public static Scalar OfText(Position at, string text) => new(at, JsonValueKind.String, Whole(at, text), text);
    }

    internal sealed record Sequence(Position At, ImmutableArray<SourceNode> Items) : SourceNode(At);

    internal sealed record Mapping(Position At, ImmutableArray<Member> Members) : SourceNode(At)
    {
        public SourceNode? Get(string key) => Members.FirstOrDefault(m => m.Key == key)?.Value;
    }

    internal sealed record Member(string Key, Position At, SourceNode Value);

    /// <summary>The place of a field, or of the nearest enclosing one that exists.</summary>
    /// <param name="path">Names joined by dots, numbers in brackets, as in <c>spec.addresses[2].type</c>; keys of maps may stand in brackets too. Names may hold dots themselves.</param>
    public (Position At, Position KeyAt) Find(string? path) => Find((path ?? "").AsSpan(), (At, At));

    public void Write(Utf8JsonWriter json)
    {
        switch (this)
        {
            case Mapping mapping:
                json.WriteStartObject();
                foreach (var member in mapping.Members)
                {
                    json.WritePropertyName(member.Key);
                    member.Value.Write(json);
                }

                json.WriteEndObject();
                break;
            case Sequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    item.Write(json);
                }

                json.WriteEndArray();
                break;
            case Scalar { Kind: JsonValueKind.String } text:
                json.WriteStringValue(text.Text);
                break;
            case Scalar scalar:
                json.WriteRawValue(scalar.Text);
                break;
        }
    }

    private static string Whole(Position at, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                throw new UnreadableException(at, "The text holds half of a character (a lone surrogate).");
            }
        }

        return text;
    }

    private (Position At, Position KeyAt) Find(ReadOnlySpan<char> path, (Position At, Position KeyAt) here)
    {
        if (path is ['[', ..] && this is Sequence sequence)
        {
            var end = path.IndexOf(']');
            return end > 0 && int.TryParse(path[1..end], out var index) && (uint)index < (uint)sequence.Items.Length
                ? sequence.Items[index].Find(path[(end + 1)..], (sequence.Items[index].At, sequence.Items[index].At))
                : here;
        }

        if (this is not Mapping mapping || path.IsEmpty)
        {
            return here;
        }

        if (path[0] == '[')
        {
            return FindBracketed(mapping, path, here);
        }

        path = path is ['.', ..] ? path[1..] : path;

        Member? longest = null;
        foreach (var member in mapping.Members)
        {
            if (Leads(path, member.Key) && member.Key.Length > (longest?.Key.Length ?? 0))
            {
                longest = member;
            }
        }

        return longest is null ? here : longest.Value.Find(path[longest.Key.Length..], (longest.Value.At, longest.At));
    }

    private static (Position At, Position KeyAt) FindBracketed(Mapping mapping, ReadOnlySpan<char> path, (Position At, Position KeyAt) here)
    {
        foreach (var member in mapping.Members)
        {
            var rest = path[1..];
            if (rest.StartsWith(member.Key, StringComparison.Ordinal) && rest.Length > member.Key.Length && rest[member.Key.Length] == ']')
            {
                return member.Value.Find(rest[(member.Key.Length + 1)..], (member.Value.At, member.At));
            }
        }

        return here;
    }

    private static bool Leads(ReadOnlySpan<char> path, string key) =>
        path.StartsWith(key, StringComparison.Ordinal) && (path.Length == key.Length || path[key.Length] is '.' or '[');
}
