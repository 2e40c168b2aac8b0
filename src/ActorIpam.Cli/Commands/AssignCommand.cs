using System.Collections.Immutable;
using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Assigns addresses: so many by the rules, or one that is named.</summary>
internal static class AssignCommand
{
    private static readonly Option<string> Host = new("--host") { Description = "The host that will use them.", HelpName = "HOST", Required = true };
    private static readonly Option<string?> Handle = new("--handle") { Description = "The holder's durable name; releasing it releases all it holds.", HelpName = "HANDLE" };
    private static readonly Option<int?> Ipv4 = new("--ipv4") { Description = "How many IPv4 addresses. [default: 1, unless --ipv6 is given]", HelpName = "N" };
    private static readonly Option<int?> Ipv6 = new("--ipv6") { Description = "How many IPv6 addresses.", HelpName = "N" };
    private static readonly Option<string[]> Pools = new("--pool") { Description = "Only from this pool, by name or CIDR; may be given more than once.", HelpName = "POOL" };
    private static readonly Option<string?> Ip = new("--ip") { Description = "This address and no other.", HelpName = "IP" };
    private static readonly Option<string[]> Attributes = new("--attribute") { Description = "Something to remember with the address; may be given more than once.", HelpName = "K=V" };
    private static readonly Option<bool> AllOrNothing = new("--all-or-nothing") { Description = "Nothing rather than fewer than asked for." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say which addresses it would be, and why; nothing is assigned." };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Say how it was decided." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("assign", "Assign addresses to a host.")
        {
            Examples =
            [
                ("One IPv4 address for a workload on n1.", "ipamctl ipam assign --host n1 --handle web-1"),
                ("One of each family, or none.", "ipamctl ipam assign --host n1 --handle web-1 --ipv4 1 --ipv6 1 --all-or-nothing"),
                ("What would it get, and why?", "ipamctl ipam assign --host n1 --ipv4 3 --dry-run"),
                ("A given address, printed bare for a script.", "ipamctl ipam assign --host n1 --ip 10.1.0.7 -o name"),
            ],
        };
        foreach (var option in new Option[] { Host, Handle, Ipv4, Ipv6, Pools, Ip, Attributes, AllOrNothing, DryRun, Explain })
        {
            command.Add(option);
        }

        return (command, RunAsync);
    }

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation) =>
        arguments.GetValue(Ip) is { } ip ? AssignIpAsync(ip, arguments, session, cancellation) : AssignAsync(arguments, session, cancellation);

    private static async Task<int> AssignIpAsync(string ip, ParseResult arguments, Session session, CancellationToken cancellation)
    {
        if (arguments.GetValue(Ipv4) is not null || arguments.GetValue(Ipv6) is not null || arguments.GetValue(Pools) is { Length: > 0 })
        {
            throw new CommandFailure("--ip names one address: leave --ipv4, --ipv6 and --pool out.");
        }

        var address = await session.Client.Addresses.AssignIpAsync(
            new() { Host = arguments.GetValue(Host), Handle = arguments.GetValue(Handle), Ip = ip, Attributes = AttributesOf(arguments) },
            arguments.GetValue(DryRun), arguments.GetValue(Explain), cancellation);
        new AddressPrinter(session).Print(address, ApiJson.Readable.AssignedAddress, [address]);
        if (address.Reason is { } reason)
        {
            await session.Terminal.Error.WriteLineAsync($"{address.Address}: {reason.Message}");
        }

        TellDryRun(arguments, session);
        return 0;
    }

    private static async Task<int> AssignAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var (ipv4, ipv6) = Counts(arguments);
        var (pools4, pools6) = await PoolsAsync(arguments.GetValue(Pools) ?? [], ipv4, ipv6, session, cancellation);
        var reply = await session.Client.Addresses.AssignAsync(
            new()
            {
                Host = arguments.GetValue(Host),
                Handle = arguments.GetValue(Handle),
                Ipv4 = ipv4,
                Ipv6 = ipv6,
                Ipv4Pools = pools4,
                Ipv6Pools = pools6,
                Attributes = AttributesOf(arguments),
                AllOrNothing = arguments.GetValue(AllOrNothing),
            },
            arguments.GetValue(DryRun), arguments.GetValue(Explain), cancellation);
        new AddressPrinter(session).Print(reply, ApiJson.Readable.AssignReply, [.. reply.Ipv4, .. reply.Ipv6]);
        TellExplanation(arguments, reply, session);
        TellDryRun(arguments, session);
        return TellShortage(reply, ipv4, ipv6, session) ? 1 : 0;
    }

    /// <summary>A format for programs has it in the document; on a terminal it goes beside the addresses, not among them.</summary>
    private static void TellExplanation(ParseResult arguments, AssignReply reply, Session session)
    {
        if ((arguments.GetValue(DryRun) || arguments.GetValue(Explain)) && reply.Explanation is { } explanation)
        {
            foreach (var line in explanation.Lines())
            {
                session.Terminal.Error.WriteLine(line);
            }
        }
    }

    private static void TellDryRun(ParseResult arguments, Session session)
    {
        if (arguments.GetValue(DryRun))
        {
            session.Terminal.Error.WriteLine("Nothing was assigned (dry run).");
        }
    }

    private static (int Ipv4, int Ipv6) Counts(ParseResult arguments)
    {
        var ipv6 = arguments.GetValue(Ipv6) ?? 0;
        var ipv4 = arguments.GetValue(Ipv4) ?? (ipv6 > 0 ? 0 : 1);
        return ipv4 >= 0 && ipv6 >= 0 && ipv4 + (long)ipv6 > 0
            ? (ipv4, ipv6)
            : throw new CommandFailure("Ask for at least one address: --ipv4 N, --ipv6 N.");
    }

    /// <summary>Pools by family. A name says nothing of its family; when both are asked for, the pool is looked up.</summary>
    private static async Task<(ImmutableArray<string> Ipv4, ImmutableArray<string> Ipv6)> PoolsAsync(
        string[] pools, int ipv4, int ipv6, Session session, CancellationToken cancellation)
    {
        if (ipv4 == 0 || ipv6 == 0)
        {
            return ipv6 == 0 ? ([.. pools], []) : ([], [.. pools]);
        }

        var byFamily = (Ipv4: ImmutableArray.CreateBuilder<string>(), Ipv6: ImmutableArray.CreateBuilder<string>());
        foreach (var pool in pools)
        {
            var cidr = pool.Contains('/', StringComparison.Ordinal)
                ? pool
                : ((IpPool)await session.Client.Resources.GetAsync(ResourceKind.IPPool, pool, cancellation)).Spec.Cidr ?? "";
            (cidr.Contains(':', StringComparison.Ordinal) ? byFamily.Ipv6 : byFamily.Ipv4).Add(pool);
        }

        return (byFamily.Ipv4.ToImmutable(), byFamily.Ipv6.ToImmutable());
    }

    private static ImmutableSortedDictionary<string, string>? AttributesOf(ParseResult arguments)
    {
        if (arguments.GetValue(Attributes) is not { Length: > 0 } pairs)
        {
            return null;
        }

        var attributes = Metadata.EmptyMap;
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new CommandFailure($"--attribute takes K=V, not '{pair}'.");
            }

            attributes = attributes.SetItem(pair[..equals], pair[(equals + 1)..]);
        }

        return attributes;
    }

    /// <summary>True when there are fewer addresses than asked for; then standard error says why.</summary>
    private static bool TellShortage(AssignReply reply, int ipv4, int ipv6, Session session)
    {
        foreach (var message in reply.Messages)
        {
            session.Terminal.Error.WriteLine($"ipamctl: {message.Message}");
        }

        if (reply.Error is { } error)
        {
            session.Terminal.Error.WriteLine($"ipamctl: {error.Message}");
        }

        var given = reply.Ipv4.Length + reply.Ipv6.Length;
        if (given < ipv4 + ipv6)
        {
            session.Terminal.Error.WriteLine($"ipamctl: {given} of {Plural.Of(ipv4 + ipv6, "address")} assigned.");
        }

        return given < ipv4 + ipv6 || reply.Error is not null;
    }
}
