using System.Text;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.EndToEnd;
using Xunit;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>One member on the memory journal for a class of tests, which run one after the other, each on an empty catalog.</summary>
public sealed class World : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private MemberProcess _member = null!;
    private IpamClient _client = null!;

    public string Url => _member.Url.GetLeftPart(UriPartial.Authority);

    public string Folder => _workspace.Folder;

    public async ValueTask InitializeAsync()
    {
        _member = await MemberProcess.StartAsync("--journal", "memory:");
        _client = new(new() { Servers = [ServerAddress.TryParseList(Url, out var addresses, out var why) ? addresses[0] : throw new InvalidOperationException(why)] });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _member.DisposeAsync();
        _workspace.Dispose();
    }

    /// <summary>Deletes every resource, every held address and every block.</summary>
    public async Task EmptyAsync()
    {
        await foreach (var address in _client.Addresses.AllAsync(new()))
        {
            await _client.Addresses.ReleaseAsync(new() { Addresses = [new ReleaseEntry(address.Address)] });
        }

        foreach (var host in (await _client.Blocks.ListAsync()).Items.Select(block => block.Host).OfType<string>().Distinct())
        {
            await _client.Blocks.ReleaseHostAsync(host, mustBeEmpty: false);
        }

        foreach (var kind in ResourceKinds.All.Select(names => names.Kind))
        {
            foreach (var resource in (await _client.Resources.ListAsync(kind)).Items)
            {
                await _client.Resources.DeleteAsync(kind, resource.Metadata.Name);
            }
        }
    }

    /// <summary>Writes a file below the folder of these tests and gives its path.</summary>
    public string Write(string name, string text)
    {
        var file = _workspace.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs the command line in this process against the member.</summary>
    internal Task<Ran> RunAsync(params string[] arguments) => RunAsync(Url, "", arguments);

    /// <summary>Runs it and expects it to succeed: what a test needs before what it tests.</summary>
    internal async Task<string> DoAsync(params string[] arguments)
    {
        var ran = await RunAsync(arguments);
        return ran.Exit == 0 ? ran.Out : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {ran.Error}");
    }

    internal static async Task<Ran> RunAsync(
        string server, string input, string[] arguments, Func<Terminal, Terminal>? change = null, CancellationToken? interrupt = null)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Environment = name => name == GlobalOptions.ServerVariable ? server : null,
        };
        var exit = await CommandLine.RunAsync(arguments, change?.Invoke(terminal) ?? terminal, interrupt ?? TestContext.Current.CancellationToken);
        return new(exit, output.ToString(), error.ToString());
    }
}

/// <summary>What a run of the command line left.</summary>
internal sealed record Ran(int Exit, string Out, string Error);
