using System.Collections.Concurrent;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Hosting;

/// <summary>Tells the log what is wrong with streams: the same of the same stream once, until something else is wrong with it.</summary>
internal sealed partial class StreamReports(ILogger log) : IStreamReports
{
    /// <summary>Streams that are remembered as told; then telling begins anew.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<StreamId, string> _told = new();

    public void Report(StreamId stream, string what)
    {
        if (_told.TryGetValue(stream, out var before) && before == what)
        {
            return;
        }

        if (_told.Count >= Most)
        {
            _told.Clear();
        }

        _told[stream] = what;
        Tell(log, what);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} ipamctl ipam check tells all that is wrong.")]
    private static partial void Tell(ILogger log, string what);
}
