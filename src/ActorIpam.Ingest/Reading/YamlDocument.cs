using System.Collections.Immutable;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorIpam.Ingest;

/// <summary>Reads one YAML document into nodes. No anchors, aliases or tags: a manifest says what it means, and cannot explode.</summary>
internal sealed class YamlDocument
{
    private readonly YamlEvents _parser;

    private YamlDocument(YamlEvents parser) => _parser = parser;

    /// <summary>The document's value; null when it is empty.</summary>
    /// <exception cref="UnreadableException">It is no YAML, or uses more of YAML than is read here.</exception>
    public static SourceNode? Read(DocumentText document)
    {
        return new YamlDocument(new(document)).ReadDocument();
    }

    private SourceNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var node = ReadNode(depth: 1);
        var end = _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            throw new UnreadableException(At(end.End), "Something follows the end of the document; documents are separated by a line ---.");
        }

        return node is SourceNode.Scalar { Kind: JsonValueKind.Null } ? null : node;
    }

    private SourceNode ReadNode(int depth)
    {
        var at = At(_parser.Current!.Start);
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                throw new UnreadableException(at, $"Aliases (*{alias.Value}) are not read here; write the value out.");
            case NodeEvent { Anchor.IsEmpty: false } anchored:
                throw new UnreadableException(at, $"Anchors (&{anchored.Anchor.Value}) are not read here; write the value out where it is used.");
            case NodeEvent { Tag.IsEmpty: false } tagged:
                throw new UnreadableException(at, $"Tags ({(tagged.Tag.IsNonSpecific ? "!" : tagged.Tag.Value)}) are not read here; remove it.");
            case Scalar scalar:
                _parser.MoveNext();
                return ReadScalar(scalar, at);
            case MappingStart or SequenceStart when depth > IngestLimits.MaxDepth:
                throw new UnreadableException(at, $"This nests deeper than {IngestLimits.MaxDepth} levels.");
            case MappingStart:
                return ReadMapping(at, depth);
            default:
                return ReadSequence(at, depth);
        }
    }

    private SourceNode.Mapping ReadMapping(Position at, int depth)
    {
        var members = new MappingBuilder(at);
        _parser.Consume<MappingStart>();
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var keyAt = At(_parser.Current!.Start);
            if (ReadNode(depth + 1) is not SourceNode.Scalar { Source: { } key })
            {
                throw new UnreadableException(keyAt, "A field's name must be a text.");
            }

            members.Claim(key, keyAt);
            members.Add(key, ReadNode(depth + 1));
        }

        _parser.MoveNext();
        return members.Build();
    }

    private SourceNode.Sequence ReadSequence(Position at, int depth)
    {
        var items = ImmutableArray.CreateBuilder<SourceNode>();
        _parser.Consume<SequenceStart>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        _parser.MoveNext();
        return new(at, items.ToImmutable());
    }

    private static SourceNode.Scalar ReadScalar(Scalar scalar, Position at)
    {
        if (scalar.Style != ScalarStyle.Plain)
        {
            return SourceNode.Scalar.OfText(at, scalar.Value);
        }

        var (kind, text) = YamlScalar.Resolve(scalar.Value, at);
        return new(at, kind, text, scalar.Value);
    }

    private Position At(Mark mark) => _parser.At(mark);
}
