using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Chaos.Load;
using ActorIpam.Chaos.Net;
using ActorIpam.Chaos.Nodes;

namespace ActorIpam.Chaos;

/// <summary>The machines of a run: a network, a database, members, and the ways clients have to them.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>So many complaints are kept: something that goes wrong at each request would fill the memory.</summary>
    private const int MostComplaints = 1000;

    private readonly Bridge _bridge;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<TimeSpan> _resumed = new();

    private World(Options options, Bridge bridge, IDatabase database, ImmutableArray<MemberNode> members)
    {
        Options = options;
        Chronicle = new(options.Clients);
        _bridge = bridge;
        Database = database;
        Members = members;
        Endpoints = [.. members.Select(member => new Endpoint(member.Place.Name, member.Socket))];
    }

    public Options Options { get; }

    public IDatabase Database { get; }

    /// <summary>Members run the other build: <see cref="Options.Other"/>.</summary>
    public bool OnOther { get; set; }

    /// <summary>The build that members are to run.</summary>
    public string Program => OnOther ? Options.Other! : Options.Program;

    /// <summary>What clients asked and were told.</summary>
    public Chronicle Chronicle { get; }

    public ImmutableArray<MemberNode> Members { get; }

    public ImmutableArray<Endpoint> Endpoints { get; }

    /// <summary>What was wrong beside the laws.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>How long it took, each time the database took writes again, until a client was served.</summary>
    public IReadOnlyCollection<TimeSpan> Resumed => _resumed;

    public static async Task<World> BuildAsync(Options options, string folder)
    {
        var bridge = await Bridge.CreateAsync();
        IDatabase? database = null;
        var members = ImmutableArray.CreateBuilder<MemberNode>();
        try
        {
            database = options.Patroni ? await PatroniDatabase.StartAsync(bridge, folder) : await PlainDatabase.StartAsync(bridge, folder);
            await database.WritableAsync();
            var certificates = Path.Combine(folder, "certificates");
            for (var number = 1; number <= options.Members; number++)
            {
                var place = await bridge.AddAsync(string.Create(CultureInfo.InvariantCulture, $"m{number}"), 20 + number);
                await Shell.RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "ipamctl.dll"), "cluster", "certs", certificates, "--member", $"{place.Name}={place.Address}");
                members.Add(new(place, folder, database.ConnectionString, certificates, options.Program));
            }

            var world = new World(options, bridge, database, members.ToImmutable());
            await Task.WhenAll(world.Members.Select(member => member.StartAsync()));
            return world;
        }
        catch
        {
            await EndAsync([.. members, .. database is null ? (IAsyncDisposable[])[] : [database], bridge]);
            throw;
        }
    }

    /// <summary>All walls fall.</summary>
    public async Task OpenAsync()
    {
        foreach (var place in Members.Select(member => member.Place).Concat(Database.Places))
        {
            await Wall.OpenAsync(place);
        }
    }

    /// <summary>Returns when a client is told something definite; complains when that takes longer than it may.</summary>
    public async Task ServedAsync(TimeSpan most)
    {
        var from = Chronicle.Now;
        while (Chronicle.LastAnswer < from && Chronicle.Now - from < TimeSpan.FromMinutes(1).TotalMicroseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        var took = TimeSpan.FromMicroseconds(Chronicle.Now - from);
        _resumed.Enqueue(took);
        if (took > most)
        {
            Complain(string.Create(CultureInfo.InvariantCulture, $"Nobody was served for {took.TotalSeconds:0.0} s after the database took writes again."));
        }
    }

    /// <summary>Everything that was broken works again, whoever broke it; complains of what had broken by itself.</summary>
    public async Task HealAsync()
    {
        foreach (var member in Members.Where(member => member.EndedByItself))
        {
            Complain($"{member.Place.Name} ended by itself: see {member.Place.Name}.log.");
        }

        await OpenAsync();
        await Database.RepairAsync();
        await Database.WritableAsync();
        foreach (var member in Members)
        {
            await member.ResumeAsync();
            if (!member.IsRunning)
            {
                await member.StartAsync();
            }
        }
    }

    /// <summary>What machines and programs say when they cannot do what is asked of them.</summary>
    public static bool IsTrouble(Exception e) => e is InvalidOperationException or TimeoutException or OperationCanceledException or IOException or System.ComponentModel.Win32Exception;

    /// <summary>The same; complains when it cannot be done.</summary>
    /// <returns>Whether everything works again.</returns>
    public async Task<bool> TryHealAsync()
    {
        try
        {
            await HealAsync();
            return true;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            Complain($"Not everything could be put right: {e.Message}");
            return false;
        }
    }

    /// <summary>SIGTERM; complains when the member could not finish what it had.</summary>
    public async Task StopAsync(MemberNode member)
    {
        if (await member.StopAsync() is not 0 and var code)
        {
            Complain($"{member.Place.Name} ended with {code} when it was asked to stop.");
        }
    }

    public void Complain(string sentence)
    {
        if (_complaints.Count < MostComplaints)
        {
            _complaints.Enqueue(sentence);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in Endpoints)
        {
            endpoint.Dispose();
        }

        await EndAsync([.. Members, Database, _bridge]);
    }

    /// <summary>Ends one after the other; one that does not end keeps no other from it.</summary>
    private static async Task EndAsync(IEnumerable<IAsyncDisposable> parts)
    {
        foreach (var part in parts)
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                await Console.Error.WriteLineAsync("chaos: " + e.Message);
            }
        }
    }
}
