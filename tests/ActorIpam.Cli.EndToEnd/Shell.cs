using System.Diagnostics;
using ActorIpam.Cli.Tests;

namespace ActorIpam.Cli.EndToEnd;

/// <summary>Runs bash in the root of the repository, with <c>ipamctl</c> in its path and a member to ask.</summary>
internal static class Shell
{
    /// <summary>Each line is a process; only what hangs takes so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<Ran> RunAsync(string script, string server)
    {
        // A function is found before any program of that name, also inside $( ).
        var program = Path.Combine(AppContext.BaseDirectory, "ipamctl.dll");
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", $"ipamctl() {{ dotnet '{program}' \"$@\"; }}\n{script}"])
        {
            WorkingDirectory = Golden.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["IPAM_SERVER"] = server;
        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(patience.Token), bash.StandardError.ReadToEndAsync(patience.Token));
        await bash.WaitForExitAsync(patience.Token);
        return new(bash.ExitCode, await output, await error);
    }
}
