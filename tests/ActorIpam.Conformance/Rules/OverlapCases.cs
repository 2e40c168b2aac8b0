using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;

namespace ActorIpam.Conformance.Rules;

/// <summary>pools.yaml: which of overlapping pools may serve.</summary>
internal static class OverlapCases
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Play(Case one, Findings findings)
    {
        var pools = new List<PoolStanding>();
        if (one.Fields.Find("create_order") is { } order)
        {
            foreach (var (pool, at) in order.List().Select((pool, at) => (pool, at)))
            {
                // Each is judged when it comes: what serves already is not displaced by the next one.
                pools.Add(Standing(pool.List(), Start.AddSeconds(at)));
                Judge(pools);
            }
        }
        else
        {
            pools.AddRange(one.Fields.Get("pools").List().Select(pool => Standing(pool.List(), null)));
            Judge(pools);
        }

        Compare(one.Fields, pools, findings);
        foreach (var then in one.Fields.Find("then")?.List() ?? [])
        {
            Change(then.Map(), pools);
            Judge(pools);
            Compare(then.Map(), pools, findings.At(then.Path));
        }

        one.Fields.NoOthers();
    }

    private static void Change(Fields then, List<PoolStanding> pools)
    {
        if (then.TextOrNull("delete_while_blocks_in_use") is { } deleted)
        {
            var at = Index(pools, deleted, then);
            pools[at] = pools[at] with { Deleting = true };
        }

        if (then.TextOrNull("release_last_block") is { } gone)
        {
            pools.RemoveAt(Index(pools, gone, then));
        }

        then.Find("allocatable");
        then.NoOthers();
    }

    private static PoolStanding Standing(IReadOnlyList<Value> pool, DateTimeOffset? created)
    {
        var flags = pool.Skip(2).FirstOrDefault(value => value.IsMap)?.Map();
        var age = pool.Skip(2).FirstOrDefault(value => !value.IsMap);
        var standing = new PoolStanding(
            pool[0].Text(), Cidr.Parse(pool[1].Text()), created ?? Age(age ?? pool[0]), flags?.Flag("disabled", false) ?? false);
        flags?.NoOthers();
        return standing;
    }

    /// <summary>The time <c>tN</c>.</summary>
    private static DateTimeOffset Age(Value age) =>
        age.Text() is ['t', .. var number] && int.TryParse(number, out var seconds)
            ? Start.AddSeconds(seconds)
            : throw new CaseFormatException(age.Path, "a time such as t0 is expected.");

    private static void Judge(List<PoolStanding> pools)
    {
        var verdicts = PoolOverlap.Judge(pools);
        for (var at = 0; at < pools.Count; at++)
        {
            pools[at] = pools[at] with { Allocatable = verdicts[pools[at].Name].Allocatable };
        }
    }

    private static void Compare(Fields fields, List<PoolStanding> pools, Findings findings)
    {
        foreach (var (name, expected) in fields.Get("allocatable").Map().Take())
        {
            findings.Equal($"allocatable {name}", expected.Flag(), pools[Index(pools, name, fields)].Allocatable);
        }
    }

    private static int Index(List<PoolStanding> pools, string name, Fields fields)
    {
        var at = pools.FindIndex(pool => pool.Name == name);
        return at >= 0 ? at : throw new CaseFormatException(fields.Path, $"there is no pool {name}.");
    }
}
