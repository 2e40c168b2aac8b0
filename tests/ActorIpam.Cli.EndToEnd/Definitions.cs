namespace ActorIpam.Cli.EndToEnd;

/// <summary>Definitions as users write them.</summary>
internal static class Definitions
{
    public static string Pool(string name, string cidr, string more = "") =>
        $"apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: {name}\nspec:\n  cidr: {cidr}\n{more}";

    public static string Node(string name, string metadata = "") =>
        $"apiVersion: projectcalico.org/v3\nkind: Node\nmetadata:\n  name: {name}\n{metadata}spec: {{}}\n";

    public static string Reservation(string name, string cidr) =>
        $"apiVersion: projectcalico.org/v3\nkind: IPReservation\nmetadata:\n  name: {name}\nspec:\n  reservedCIDRs: [{cidr}]\n";

    public static string Configuration(string spec = "strictAffinity: false") =>
        $"apiVersion: projectcalico.org/v3\nkind: IPAMConfiguration\nmetadata:\n  name: default\nspec:\n  {spec}\n";

    public static string Several(params string[] documents) => string.Join("---\n", documents);
}
