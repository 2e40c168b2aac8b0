namespace ActorIpam.EndToEnd;

/// <summary>Paths and bodies the tests share.</summary>
internal static class Texts
{
    public const string Pools = "/apis/projectcalico.org/v3/ippools";
    public const string Nodes = "/apis/projectcalico.org/v3/nodes";
    public const string Reservations = "/apis/projectcalico.org/v3/ipreservations";
    public const string Configurations = "/apis/projectcalico.org/v3/ipamconfigurations";

    public static string Pool(string name, string cidr, int? blockSize = null) =>
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"{{{name}}}"},"spec":{"cidr":"{{{cidr}}}"{{{(blockSize is { } size ? $",\"blockSize\":{size}" : "")}}}}}""";

    public static string Node(string name) =>
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"{{{name}}}"},"spec":{}}""";

    public static string Cooldown(int seconds) =>
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"IPAMConfiguration","metadata":{"name":"default"},"spec":{"autoAllocateBlocks":true,"ipCooldownSeconds":{{{seconds}}}}}""";

    public static string Assign(string host, string handle, int ipv4 = 1, int ipv6 = 0, string? requestId = null) =>
        $$"""{"host":"{{host}}","handle":"{{handle}}","ipv4":{{ipv4}},"ipv6":{{ipv6}}{{(requestId is null ? "" : $",\"requestId\":\"{requestId}\"")}}}""";
}
