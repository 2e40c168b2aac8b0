using System.CommandLine;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Releases addresses by name, or all that a handle holds. An address that nobody holds is a failure, as in calicoctl.</summary>
internal static class ReleaseCommand
{
    private static readonly Option<string[]> Ip = new("--ip") { Description = "An address to release; may be given more than once.", HelpName = "IP" };
    private static readonly Option<string?> Handle = new("--handle") { Description = "Release everything this handle holds.", HelpName = "HANDLE" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("release", "Release addresses, one by one or all of a handle.")
        {
            Examples =
            [
                ("Release two addresses.", "ipamctl ipam release --ip 10.1.0.7 --ip 10.1.0.8"),
                ("Release what a workload held.", "ipamctl ipam release --handle web-1"),
            ],
        };
        command.Add(Ip);
        command.Add(Handle);
        return (command, RunAsync);
    }

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation) =>
        (arguments.GetValue(Ip), arguments.GetValue(Handle)) switch
        {
            ({ Length: > 0 } ips, null) => ByAddressAsync(ips, session, cancellation),
            (not { Length: > 0 }, { Length: > 0 } handle) => ByHandleAsync(handle, session, cancellation),
            (not { Length: > 0 }, _) => throw new CommandFailure("Say what to release: --ip IP or --handle HANDLE."),
            _ => throw new CommandFailure("Give --ip or --handle, not both."),
        };

    private static async Task<int> ByAddressAsync(string[] ips, Session session, CancellationToken cancellation)
    {
        var answer = await session.Client.Addresses.ReleaseAsync(new() { Addresses = [.. ips.Select(ip => new ReleaseEntry(ip))] }, cancellation);
        Tell(answer.Released, session);
        foreach (var ip in answer.Unallocated)
        {
            await session.Terminal.Error.WriteLineAsync($"ipamctl: {ip} is not assigned.");
        }

        foreach (var error in answer.Errors)
        {
            await session.Terminal.Error.WriteLineAsync($"ipamctl: {error.Ip}: {error.Message}");
        }

        return answer.Unallocated.IsEmpty && answer.Errors.IsEmpty ? 0 : 1;
    }

    private static async Task<int> ByHandleAsync(string handle, Session session, CancellationToken cancellation)
    {
        var answer = await session.Client.Addresses.ReleaseHandleAsync(new() { Handle = handle }, cancellation);
        Tell(answer.Released, session);
        return 0;
    }

    private static void Tell(IEnumerable<string> released, Session session)
    {
        foreach (var ip in released)
        {
            session.Terminal.Out.WriteLine($"Released {ip}.");
        }
    }
}
