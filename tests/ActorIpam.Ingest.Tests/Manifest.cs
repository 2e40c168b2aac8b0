using ActorIpam.Domain.Resources;
using Shouldly;

namespace ActorIpam.Ingest.Tests;

/// <summary>Texts that tests read, and what came out of them.</summary>
internal static class Manifest
{
    public const string Web = """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: web
        spec:
          cidr: 10.1.0.0/16
        """;

    public const string Db = """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: db
        spec:
          cidr: 10.2.0.0/16
        """;

    /// <summary>A pool whose spec is these lines.</summary>
    public static string Pool(string spec) =>
        $"apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: web\nspec:\n{string.Join('\n', spec.Split('\n').Select(line => "  " + line))}\n";

    public static Ingestion Read(string text, string source = "in.yaml") => Manifests.Read(source, text);

    public static string[] Names(this Ingestion ingestion)
    {
        ingestion.Problems.ShouldBeEmpty();
        return [.. ingestion.Resources.Select(r => r.Resource.Metadata.Name)];
    }

    public static IpPoolSpec OnlyPool(this Ingestion ingestion)
    {
        ingestion.Problems.ShouldBeEmpty();
        return ingestion.Resources.ShouldHaveSingleItem().Resource.ShouldBeOfType<IpPool>().Spec;
    }

    public static string[] Complaints(this Ingestion ingestion)
    {
        ingestion.Resources.ShouldBeEmpty();
        return [.. ingestion.Problems.Select(p => p.ToString())];
    }
}
