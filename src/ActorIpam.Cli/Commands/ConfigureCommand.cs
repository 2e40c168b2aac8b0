using System.CommandLine;
using System.Globalization;
using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Changes parts of the configuration of allocation (semantics.md §11): combinations that make no sense are refused, what is so already is not written.</summary>
internal static class ConfigureCommand
{
    /// <summary>How often the change is made again when others change the configuration at the same time.</summary>
    private const int Attempts = 5;

    private static readonly Option<bool?> Strict = new("--strictaffinity") { Description = "Whether hosts must not borrow addresses of each other's blocks.", HelpName = "true|false" };
    private static readonly Option<long?> MaxBlocks = new("--max-blocks-per-host") { Description = "The most blocks a host may own, 0 for no limit of its own; needs strict affinity.", HelpName = "N" };
    private static readonly Option<long?> Cooldown = new("--ip-cooldown-seconds") { Description = "How long a released address is not assigned again, 0 to 1200.", HelpName = "SECONDS" };
    private static readonly Option<string?> KubeVirt = new("--kubevirt-ip-persistence") { Description = "Whether virtual machines keep their addresses.", HelpName = "Enabled|Disabled" };
    private static readonly Option<bool?> AutoAllocate = new("--auto-allocate-blocks") { Description = "Whether hosts get blocks on demand.", HelpName = "true|false" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("configure", "Change how addresses are assigned; what is not named stays as it is.")
        {
            Examples =
            [
                ("No borrowing.", "ipamctl ipam configure --strictaffinity=true"),
                ("A minute between release and reuse.", "ipamctl ipam configure --ip-cooldown-seconds=60"),
            ],
        };
        KubeVirt.AcceptOnlyFromAmong("Enabled", "Disabled");
        foreach (var option in new Option[] { Strict, MaxBlocks, Cooldown, KubeVirt, AutoAllocate })
        {
            command.Add(option);
        }

        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var named = Named(arguments);
        if (named.Count == 0)
        {
            throw new CommandFailure("Say what to change: --strictaffinity, --max-blocks-per-host, --ip-cooldown-seconds, --kubevirt-ip-persistence or --auto-allocate-blocks.");
        }

        for (var attempt = 1; ; attempt++)
        {
            var stored = await StoredAsync(session, cancellation);
            var wanted = Changed(stored?.Spec ?? new() { AutoAllocateBlocks = true }, arguments);
            if (ConfigurationRules.Check(wanted) is [{ } refused, ..])
            {
                throw new CommandFailure(refused.Message);
            }

            try
            {
                await WriteAsync(session, stored, wanted, cancellation);
                break;
            }
            catch (ApiException e) when ((e.Is(RefusalCode.Conflict) || e.Is(RefusalCode.AlreadyExists)) && attempt < Attempts)
            {
                // Somebody else changed it between: the change is made on what they wrote.
            }
        }

        foreach (var (what, value) in named)
        {
            await session.Terminal.Out.WriteLineAsync($"Successfully set {what} to: {value}");
        }

        return 0;
    }

    private static async Task<IpamConfiguration?> StoredAsync(Session session, CancellationToken cancellation)
    {
        try
        {
            return (IpamConfiguration)await session.Client.Resources.GetAsync(ResourceKind.IPAMConfiguration, "default", cancellation);
        }
        catch (ApiException e) when (e.Is(RefusalCode.NotFound))
        {
            return null;
        }
    }

    private static async Task WriteAsync(Session session, IpamConfiguration? stored, IpamConfigurationSpec wanted, CancellationToken cancellation)
    {
        if (stored is null)
        {
            await session.Client.Resources.CreateAsync(new IpamConfiguration(new("default"), wanted), cancellation: cancellation);
        }
        else if (stored.Spec != wanted)
        {
            await session.Client.Resources.ReplaceAsync(stored with { Spec = wanted }, cancellation: cancellation);
        }
    }

    private static IpamConfigurationSpec Changed(IpamConfigurationSpec before, ParseResult arguments) => before with
    {
        StrictAffinity = arguments.GetValue(Strict) ?? before.StrictAffinity,
        MaxBlocksPerHost = arguments.GetValue(MaxBlocks) ?? before.MaxBlocksPerHost,
        IpCooldownSeconds = arguments.GetValue(Cooldown) ?? before.IpCooldownSeconds,
        KubeVirtVmAddressPersistence = arguments.GetValue(KubeVirt) ?? before.KubeVirtVmAddressPersistence,
        AutoAllocateBlocks = arguments.GetValue(AutoAllocate) ?? before.AutoAllocateBlocks,
    };

    private static List<(string What, string Value)> Named(ParseResult arguments) =>
    [
        .. new (string What, string? Value)[]
        {
            ("StrictAffinity", Text(arguments.GetValue(Strict))),
            ("MaxBlocksPerHost", arguments.GetValue(MaxBlocks)?.ToString(CultureInfo.InvariantCulture)),
            ("IPCooldownSeconds", arguments.GetValue(Cooldown)?.ToString(CultureInfo.InvariantCulture)),
            ("KubeVirtVMAddressPersistence", arguments.GetValue(KubeVirt)),
            ("AutoAllocateBlocks", Text(arguments.GetValue(AutoAllocate))),
        }.Where(static item => item.Value is not null).Select(static item => (item.What, item.Value!)),
    ];

    private static string? Text(bool? flag) => flag is not { } said ? null : said ? "true" : "false";
}
