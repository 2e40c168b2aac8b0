using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorIpam.Ingest;

/// <summary>The events of one document. Whatever the library does when a text is broken, it leaves here as <see cref="UnreadableException"/>.</summary>
internal sealed class YamlEvents(DocumentText document) : IParser
{
    private readonly Parser _parser = new(new Scanner(new StringReader(document.Text), skipComments: true));

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (YamlException e)
        {
            throw new UnreadableException(At(e.Start), $"This is not readable YAML: {e.Message.TrimEnd('.')}.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Its scanner ends so on some damaged texts and tags; the last event it understood is the nearest place known.
            throw new UnreadableException(At(Current?.Start ?? Mark.Empty), "This is not readable YAML: something behind this place is damaged.");
        }
    }

    /// <summary>The place in the input, not in the document.</summary>
    public Position At(Mark mark) => new((int)mark.Line + document.FirstLine - 1, (int)mark.Column);
}
