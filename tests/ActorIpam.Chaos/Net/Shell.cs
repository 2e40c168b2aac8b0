using System.Diagnostics;

namespace ActorIpam.Chaos.Net;

/// <summary>Short programs that must succeed.</summary>
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>For what looks at all that an hour has left.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(10);

    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed, and the message is what it said; or it did not end within a minute, and was killed.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds:0} s.", e);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {(await errors).Trim()}");
    }

    /// <summary>The lines it prints, as they come. It may be silent for ten minutes and no longer.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async IAsyncEnumerable<string> LinesAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(LongPatience) is { } line)
        {
            yield return line;
        }

        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await errors).Trim()}");
        }
    }

    /// <summary>The same, where failure is an answer too.</summary>
    public static async Task<bool> TryAsync(string program, params string[] arguments)
    {
        try
        {
            await RunAsync(program, arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
