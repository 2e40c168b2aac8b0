using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using Shouldly;

namespace ActorIpam.Specs.Catalog;

/// <summary>A catalog with a history, one turn after the other, each with the next version and a uid after its number.</summary>
internal sealed class Given
{
    public static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private long _version;

    public ResourceCatalog Catalog { get; private set; } = ResourceCatalog.Empty;

    public static Given Nothing => new();

    public static IpPool Pool(string name, string cidr, Func<IpPoolSpec, IpPoolSpec>? with = null) =>
        new(new(name), (with ?? (spec => spec))(new() { Cidr = cidr }));

    public static ImmutableSortedDictionary<string, string> Map(string key, string value) => Metadata.EmptyMap.Add(key, value);

    public Given And(Resource resource)
    {
        Take(Catalog.DecideCreate(resource, Turn()));
        return this;
    }

    public Answer<CatalogDecision> Creating(Resource resource, params string[] leftover) => Catalog.DecideCreate(resource, Turn(leftover));

    public Answer<CatalogDecision> Updating(Resource resource) => Catalog.DecideUpdate(resource, Turn());

    public CatalogEvent Take(Answer<CatalogDecision> answer)
    {
        var fact = answer.Value.ShouldBeOfType<CatalogDecision.Changes>().Event;
        Catalog = Catalog.Apply(fact);
        _version++;
        return fact;
    }

    public CatalogTurn Turn(params string[] leftover) => new(Noon.AddMilliseconds(250), $"uid-{_version + 1}", _version + 1, [.. leftover.Select(Cidr.Parse)]);
}

internal static class Answers
{
    public static RefusalCode[] Codes<T>(this Answer<T> answer) => [.. answer.Refusals.Select(refusal => refusal.Code)];
}
