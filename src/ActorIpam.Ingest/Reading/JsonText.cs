using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ActorIpam.Ingest;

/// <summary>Reads JSON values, one behind the other, into nodes.</summary>
internal ref struct JsonText
{
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _counted;
    private Position _at;

    private JsonText(ReadOnlySpan<byte> bytes, int firstLine)
    {
        _bytes = bytes;
        _at = new(firstLine, 1);
        // The bound on depth is checked here, with a sentence; the reader's own only must not come first.
        _reader = new(bytes, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = IngestLimits.MaxDepth + 2 });
    }

    /// <exception cref="UnreadableException">It is no JSON.</exception>
    public static ImmutableArray<SourceNode> Read(DocumentText document)
    {
        var text = new JsonText(Encoding.UTF8.GetBytes(document.WithoutMarker()), document.FirstLine);
        var values = ImmutableArray.CreateBuilder<SourceNode>();
        try
        {
            while (text._reader.Read())
            {
                values.Add(text.ReadValue(depth: 1));
            }
        }
        catch (JsonException e)
        {
            var at = new Position(document.FirstLine + (int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0) + 1);
            throw new UnreadableException(at, $"This is not readable JSON: {Sentence(e)}");
        }

        return values.ToImmutable();
    }

    private SourceNode ReadValue(int depth)
    {
        var at = Here();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when depth > IngestLimits.MaxDepth:
                throw new UnreadableException(at, $"This nests deeper than {IngestLimits.MaxDepth} levels.");
            case JsonTokenType.StartObject:
                return ReadObject(at, depth);
            case JsonTokenType.StartArray:
                return ReadArray(at, depth);
            case JsonTokenType.String:
                return SourceNode.Scalar.OfText(at, TextHere(at));
            default:
                var raw = Encoding.UTF8.GetString(_reader.ValueSpan);
                return new SourceNode.Scalar(at, KindOf(_reader.TokenType), raw, raw);
        }
    }

    private SourceNode.Mapping ReadObject(Position at, int depth)
    {
        var members = new MappingBuilder(at);
        while (Next() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyAt = Here();
            var key = TextHere(keyAt);
            members.Claim(key, keyAt);
            Next();
            members.Add(key, ReadValue(depth + 1));
        }

        return members.Build();
    }

    private SourceNode.Sequence ReadArray(Position at, int depth)
    {
        var items = ImmutableArray.CreateBuilder<SourceNode>();
        while (Next() && _reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(depth + 1));
        }

        return new(at, items.ToImmutable());
    }

    private bool Next() => _reader.Read();

    private readonly string TextHere(Position at)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableException(at, "The text holds half of a character (a lone surrogate).");
        }
    }

    /// <summary>The place of the present token. Tokens come in order, so that every byte is counted once.</summary>
    private Position Here()
    {
        var (line, column) = (_at.Line, _at.Column);
        for (; _counted < _reader.TokenStartIndex; _counted++)
        {
            var value = _bytes[_counted];
            if (value == (byte)'\n')
            {
                (line, column) = (line + 1, 1);
            }
            else if ((value & 0xC0) != 0x80)
            {
                column++;
            }
        }

        return _at = new(line, column);
    }

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        JsonTokenType.Number => JsonValueKind.Number,
        _ => JsonValueKind.Null,
    };

    private static string Sentence(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
