using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>Counts what became of the resources of an input, and says so.</summary>
internal sealed class ManifestTally(string? done)
{
    private readonly HashSet<ResourceKind> _kinds = [];
    private int _done;
    private int _skipped;

    public int Failed { get; private set; }

    public int Total => _done + _skipped + Failed;

    public void Count(ResourceKind kind, Handled handled)
    {
        _kinds.Add(kind);
        if (handled == Handled.Done)
        {
            _done++;
        }
        else
        {
            _skipped++;
        }
    }

    public void CountFailure(int count = 1) => Failed += count;

    /// <summary>A success on standard output, a failure on standard error; a single failure has been told already.</summary>
    public void Report(Terminal terminal)
    {
        if (Total == 0 || (Total == 1 && Failed == 1))
        {
            return;
        }

        var noun = _kinds.Count == 1 ? $"{ResourceKinds.Of(_kinds.Single()).Name} resource" : "resource";
        var left = _skipped > 0 ? $"; {_skipped} left as {(_skipped == 1 ? "it is" : "they are")}" : "";
        if (done is null)
        {
            return;
        }

        if (Failed == 0)
        {
            terminal.Out.WriteLine($"{done} {Plural.Of(_done, noun)}{left}.");
        }
        else
        {
            terminal.Error.WriteLine($"{done} {_done} of {Plural.Of(Total, "resource")}{left}; {Failed} failed.");
        }
    }
}
