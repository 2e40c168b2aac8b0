using System.CommandLine;
using System.Globalization;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Http;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows one address, borrowed addresses, the configuration or, by default, how full pools are. The first option in this order wins.</summary>
internal static class ShowCommand
{
    private static readonly Option<string?> Ip = new("--ip") { Description = "Who holds this address.", HelpName = "IP" };
    private static readonly Option<bool> Blocks = new("--show-blocks") { Description = "Each pool with its blocks." };
    private static readonly Option<bool> Borrowed = new("--show-borrowed") { Description = "Addresses that hosts use out of blocks of others." };
    private static readonly Option<bool> Configuration = new("--show-configuration") { Description = "How addresses are assigned." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("show", "Show how full pools are, who holds an address, what is borrowed, or the configuration.")
        {
            Examples =
            [
                ("How full each pool is.", "ipamctl ipam show"),
                ("The same with the blocks of each.", "ipamctl ipam show --show-blocks"),
                ("Who holds an address.", "ipamctl ipam show --ip 10.1.0.7"),
                ("How full the pools were.", "ipamctl ipam show --at 'yesterday 14:02'"),
            ],
        };
        foreach (var option in new Option[] { Ip, Blocks, Borrowed, Configuration, AsOf.Option })
        {
            command.Add(option);
        }

        return (command, RunAsync);
    }

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation) => arguments switch
    {
        _ when arguments.GetValue(Ip) is { } ip => AddressAsync(ip, session, cancellation),
        _ when arguments.GetValue(Blocks) => UseAsync(session, blocks: true, cancellation),
        _ when arguments.GetValue(Borrowed) => BorrowedAsync(session, cancellation),
        _ when arguments.GetValue(Configuration) => ConfigurationAsync(session, cancellation),
        _ => UseAsync(session, blocks: false, cancellation),
    };

    private static async Task<int> AddressAsync(string ip, Session session, CancellationToken cancellation)
    {
        var address = await session.Client.Addresses.GetAsync(ip, cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(address, ApiJson.Readable.AddressView))
        {
            AddressText.Write(session.Terminal.Out, address);
        }

        return 0;
    }

    private static async Task<int> UseAsync(Session session, bool blocks, CancellationToken cancellation)
    {
        var use = await session.Client.Blocks.UtilizationAsync(blocks: blocks, cancellation: cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(use, ApiJson.Readable.Utilizations))
        {
            BoxTable.Write(session.Terminal.Out, UseRows.Headings, [.. use.Items.SelectMany(pool => UseRows.Of(pool, blocks))]);
        }

        return 0;
    }

    private static async Task<int> BorrowedAsync(Session session, CancellationToken cancellation)
    {
        var owners = (await session.Client.Blocks.ListAsync(cancellation: cancellation)).Items.ToDictionary(b => b.Cidr, b => b.Host);
        var rows = new List<string[]>();
        await foreach (var address in session.Client.Addresses.AllAsync(new() { Borrowed = true }, cancellation))
        {
            rows.Add([address.Address, address.Host ?? "", address.Block, owners.GetValueOrDefault(address.Block) ?? "", .. AddressText.TypeAndHolder(address)]);
        }

        BoxTable.Write(session.Terminal.Out, ["IP", "BORROWING-NODE", "BLOCK", "BLOCK OWNER", "TYPE", "ALLOCATED-TO"], rows);
        return 0;
    }

    private static async Task<int> ConfigurationAsync(Session session, CancellationToken cancellation)
    {
        IpamConfigurationSpec spec;
        try
        {
            spec = ((IpamConfiguration)await session.Client.Resources.GetAsync(ResourceKind.IPAMConfiguration, "default", cancellation)).Spec;
        }
        catch (ApiException e) when (e.Is(RefusalCode.NotFound))
        {
            // None is stored: the defaults hold.
            spec = new();
        }

        BoxTable.Write(
            session.Terminal.Out,
            ["PROPERTY", "VALUE"],
            [
                ["StrictAffinity", spec.StrictAffinity ?? false ? "true" : "false"],
                ["AutoAllocateBlocks", spec.AutoAllocateBlocks ?? true ? "true" : "false"],
                ["MaxBlocksPerHost", (spec.MaxBlocksPerHost ?? 0).ToString(CultureInfo.InvariantCulture)],
                ["IPCooldownSeconds", (spec.IpCooldownSeconds ?? 0).ToString(CultureInfo.InvariantCulture)],
                ["KubeVirtVMAddressPersistence", spec.KubeVirtVmAddressPersistence ?? "Enabled"],
            ]);
        return 0;
    }
}
