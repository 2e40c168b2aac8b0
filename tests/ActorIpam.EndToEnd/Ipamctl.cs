using System.Diagnostics;

namespace ActorIpam.EndToEnd;

/// <summary>A real <c>ipamctl</c>, the program beside the tests.</summary>
internal static class Ipamctl
{
    public static Task<(int Code, string Output, string Errors)> RunAsync(Uri server, params string[] arguments) => RunAsync(server.ToString(), arguments);

    /// <param name="servers"><c>URL[,URL…]</c>.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string servers, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ipamctl.dll"), "--server", servers, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
