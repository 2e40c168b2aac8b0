using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Playing;
using ActorIpam.Conformance.Rules;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.InMemory;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>One member on a journal in memory, with a clock and chance of its own, and what was written to it.</summary>
internal sealed class World : IAsyncDisposable
{
    private const string Reservations = "reserved";

    private readonly Dictionary<(ResourceKind Kind, string Name), JsonObject> _written = [];
    private readonly SeededChance _chance = new(1);
    private readonly Member _member;

    /// <param name="clock">The time it sees.</param>
    /// <param name="idleGrace">How long an empty block may stay beside another, for a world that sweeps when it is told to; null for one that never does.</param>
    public World(VirtualClock clock, TimeSpan? idleGrace = null)
    {
        Clock = clock;
        var ports = new MemberPorts(Journal, Journal, clock, _chance) { Due = idleGrace is null ? null : Journal };
        _member = Member.Start(ports, new() { Name = "conformance", Sweeping = new() { Period = TimeSpan.Zero, IdleGrace = idleGrace ?? TimeSpan.Zero } });
    }

    public VirtualClock Clock { get; }

    public IpamDoor Door => _member.Door;

    public Task SweepAsync() => _member.SweepAsync();

    public MemoryJournal Journal { get; } = new();

    /// <summary>What was last written of a resource, in the flat form of the cases.</summary>
    /// <exception cref="CaseFormatException">Nothing was.</exception>
    public JsonObject Written(ResourceKind kind, string name) =>
        _written.TryGetValue((kind, name), out var flat) ? (JsonObject)flat.DeepClone() : throw new CaseFormatException("", $"the scenario has no {kind} {name}.");

    /// <summary>Creates a resource, or replaces the one of this name.</summary>
    public async Task<Answer<Resource>> ApplyAsync(ResourceKind kind, JsonObject flat)
    {
        var read = Manifest.Read(kind, flat);
        if (read.IsRefused)
        {
            return read;
        }

        var exists = !(await Door.GetAsync(kind, read.Value.Metadata.Name, CancellationToken.None)).IsRefused;
        var answer = await (exists
            ? Door.UpdateAsync(read.Value, dryRun: false, CancellationToken.None)
            : Door.CreateAsync(read.Value, dryRun: false, CancellationToken.None));
        if (!answer.IsRefused)
        {
            _written[(kind, read.Value.Metadata.Name)] = (JsonObject)flat.DeepClone();
        }

        return answer;
    }

    /// <summary>Changes the given fields of the configuration and leaves the others.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="asSetter">Refuse what the setter refuses (semantics.md §11); a raw write is not held to that.</param>
    public async Task<Answer<Resource>> ConfigureAsync(Value fields, bool asSetter)
    {
        var flat = _written.TryGetValue((ResourceKind.IPAMConfiguration, "default"), out var before) ? (JsonObject)before.DeepClone() : new() { ["name"] = "default" };
        foreach (var (name, value) in fields.Map().Take())
        {
            flat[name] = value.Json();
        }

        var read = Manifest.Read(ResourceKind.IPAMConfiguration, flat);
        if (asSetter && !read.IsRefused && ConfigurationRules.Check(((IpamConfiguration)read.Value).Spec) is { IsEmpty: false } refusals)
        {
            return refusals;
        }

        return await ApplyAsync(ResourceKind.IPAMConfiguration, flat);
    }

    /// <summary>Makes these the reserved addresses, in place of the former ones.</summary>
    public Task<Answer<Resource>> ReserveAsync(IEnumerable<string> cidrs) =>
        ApplyAsync(ResourceKind.IPReservation, new()
        {
            ["name"] = Reservations,
            ["reservedCIDRs"] = new JsonArray([.. cidrs.Select(cidr => (JsonNode?)cidr)]),
        });

    /// <summary>Stores a pool that the catalog refuses, as data written around it would be.</summary>
    public Task StoreAroundAsync(JsonObject flat)
    {
        _written[(ResourceKind.IPPool, flat["name"]!.GetValue<string>())] = (JsonObject)flat.DeepClone();
        return new AroundTheRules(Journal, Clock, _chance).StoreAsync((IpPool)Manifest.Read(ResourceKind.IPPool, flat).Value);
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();
}
