using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Gathers what is found, and tells how far the check is.</summary>
/// <param name="tell">Called now and then; null when nobody watches.</param>
internal sealed class Findings(Action<CheckProgress>? tell)
{
    /// <summary>How many problems are listed; the rest is counted.</summary>
    private const int MostProblems = 1000;

    /// <summary>After so many things a watcher is told.</summary>
    private const int Step = 256;

    private readonly ImmutableArray<CheckProblem>.Builder _problems = ImmutableArray.CreateBuilder<CheckProblem>();
    private readonly ImmutableArray<string>.Builder _remarks = ImmutableArray.CreateBuilder<string>();
    private CheckReport _counts = new();
    private int _more;
    private string _phase = "";
    private long _done;

    public CheckReport Report => _counts with { Problems = _problems.ToImmutable(), MoreProblems = _more, Remarks = _remarks.ToImmutable() };

    /// <param name="kind">What is wrong.</param>
    /// <param name="subject">With what.</param>
    /// <param name="message">A sentence about both sides.</param>
    /// <param name="source">The stream from which the view can be rebuilt; null when there is none.</param>
    public void Add(CheckKind kind, string subject, string message, StreamId? source = null)
    {
        if (_problems.Count == MostProblems)
        {
            _more++;
            return;
        }

        _problems.Add(new(kind, subject, message) { Source = source?.Value });
    }

    public void Remark(string remark)
    {
        if (_remarks.Count < MostProblems)
        {
            _remarks.Add(remark);
        }
    }

    public void Count(int resources = 0, int pools = 0, int blocks = 0, int addresses = 0) => _counts = _counts with
    {
        Resources = _counts.Resources + resources,
        Pools = _counts.Pools + pools,
        Blocks = _counts.Blocks + blocks,
        Addresses = _counts.Addresses + addresses,
    };

    /// <summary>One more was looked at.</summary>
    public void Pass(string phase)
    {
        _done = phase == _phase ? _done + 1 : 1;
        _phase = phase;
        if (_done % Step == 1)
        {
            tell?.Invoke(new(phase, _done, _problems.Count + _more));
        }
    }
}
