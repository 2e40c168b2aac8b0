using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Options;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Cluster;

/// <summary>A member's life in the cluster around its work: binds its port, joins, says what an operator must know, drains, leaves.</summary>
internal sealed class Attendance : IAsyncDisposable
{
    private readonly ClusterHost? _host;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _joinedAt;
    private TimeSpan _toldClockError;
    private Dictionary<string, MemberRow> _toldMembers = [];

    private Attendance(Presence presence, ClusterHost? host, HttpPeers? peers, ILogger log) => (Presence, _host, Peers, _log) = (presence, host, peers, log);

    public Presence Presence { get; }

    public HttpPeers? Peers { get; }

    /// <summary>Binds the cluster's port, if there is one, and takes a place among the members.</summary>
    /// <returns>Null for a member whose journal has no member table: it is alone.</returns>
    /// <exception cref="CannotStartException">The certificates cannot be used, or the members that are there speak another language.</exception>
    public static async Task<Attendance?> BeginAsync(IMemberTable? table, ServerOptions options, ILogger log)
    {
        if (table is null)
        {
            return null;
        }

        var certificates = options.Cluster?.Tls is { } files ? new ClusterCertificates(files, TimeProvider.System, log) : null;
        var host = options.Cluster is { } cluster ? await ClusterHost.StartAsync(cluster, certificates, options) : null;
        var presence = new Presence(table, TimeProvider.System, new() { Name = options.Member, Address = host?.Url.ToString().TrimEnd('/') ?? "" });
        var attendance = new Attendance(presence, host, host is null ? null : new(certificates), log);
        presence.Beaten = attendance.Look;
        try
        {
            await presence.JoinAsync(CancellationToken.None);
            return attendance;
        }
        catch (Exception e) when (e is JoinRefusedException or JournalUnavailableException)
        {
            await attendance.DisposeAsync();
            throw new CannotStartException(e.Message, e);
        }
    }

    /// <summary>From now on requests of other members are served.</summary>
    public void Serve(Engine.Member member) => _host?.Serve(member);

    /// <summary>
    /// Returns when the others have noticed it: each of them has beaten since it joined. Until then they serve its hosts among themselves, and two members that serve one host make each
    /// other lose. Who does not beat is not waited for longer than three beats.
    /// </summary>
    public Task NoticedAsync() => Task.WhenAny(_noticed.Task, Task.Delay(3 * Presence.Options.Beat));

    /// <summary>Lets the others place its keys elsewhere before it stops: they notice at their next beat.</summary>
    public async Task DrainAsync()
    {
        var hasOthers = Others(Presence.Seen).Any();
        if (await Presence.DrainAsync(CancellationToken.None) && hasOthers && _host is not null)
        {
            await Task.Delay(2 * Presence.Options.Beat);
        }
    }

    /// <summary>Takes its row away and closes its port.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Presence.LeaveAsync(CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // The row grows old by itself.
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Peers?.Dispose();
    }

    private void Look(MembersSeen seen)
    {
        _joinedAt ??= seen.Rows.FirstOrDefault(row => row.Name == Presence.Options.Name)?.At;
        if (_host is null || Others(seen).All(row => row.At > _joinedAt))
        {
            _noticed.TrySetResult();
        }

        Peers?.Meet(seen.Placed, Presence.Options.Name);
        TellMembers(seen);
        TellClock(seen.ClockError);
    }

    private IEnumerable<MemberRow> Others(MembersSeen seen) => seen.Placed.Where(row => row.Name != Presence.Options.Name);

    /// <summary>Who came and who went since the last beat.</summary>
    private void TellMembers(MembersSeen seen)
    {
        var (before, now) = (_toldMembers, Others(seen).ToDictionary(static row => row.Name, StringComparer.Ordinal));
        _toldMembers = now;
        foreach (var row in now.Values.Where(row => before.GetValueOrDefault(row.Name)?.Incarnation != row.Incarnation))
        {
            Log.MemberCame(_log, row.Name, row.Incarnation, row.Address);
        }

        foreach (var gone in before.Keys.Where(name => !now.ContainsKey(name)))
        {
            Log.MemberWent(_log, gone, seen.Rows.FirstOrDefault(row => row.Name == gone) switch { null => "gone", { IsDraining: true } => "about to leave", _ => "dead" });
        }
    }

    private void TellClock(TimeSpan ahead)
    {
        var (error, options) = (ahead.Duration(), Presence.Options);
        var step = error > options.ClockRefused ? options.ClockRefused : error > options.ClockReported ? options.ClockReported : TimeSpan.Zero;
        if (step == _toldClockError)
        {
            return;
        }

        _toldClockError = step;
        if (step == TimeSpan.Zero)
        {
            Log.ClockAgrees(_log);
        }
        else
        {
            Log.ClockOff(_log, ahead.TotalSeconds, step == options.ClockRefused ? ", so it does not serve" : "");
        }
    }
}
