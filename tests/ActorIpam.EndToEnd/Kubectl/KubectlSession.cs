using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorIpam.EndToEnd.Kubectl;

/// <summary>A shell in a folder of its own in which <c>kubectl</c> speaks with one member and knows nothing else.</summary>
internal sealed partial class KubectlSession
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Workspace _workspace;

    public KubectlSession(Workspace workspace, Uri server)
    {
        _workspace = workspace;
        Directory.CreateDirectory(workspace.At("bin"));
        var wrapper = workspace.Write("bin/kubectl", $"#!/bin/sh\nexec {Program} --server {server.GetLeftPart(UriPartial.Authority)} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var file in Directory.EnumerateFiles(Transcripts, "*.yaml"))
        {
            File.Copy(file, workspace.At(Path.GetFileName(file)));
        }
    }

    /// <summary>The folder of the transcripts and the definitions they use.</summary>
    public static string Transcripts { get; } = Path.Combine(AppContext.BaseDirectory, "Kubectl", "Transcripts");

    /// <summary>The <c>kubectl</c> of the machine, or the one that the environment variable KUBECTL names.</summary>
    private static string Program => Environment.GetEnvironmentVariable("KUBECTL") ?? OnPath()
        ?? throw new InvalidOperationException("There is no kubectl; install Debian's package kubernetes-client, or name one in KUBECTL.");

    /// <summary>Runs a line of shell and tells what it printed, with what differs from run to run masked, and its exit code if that is not 0.</summary>
    public async Task<string> RunAsync(string line)
    {
        using var shell = Start(line);
        using var patience = new CancellationTokenSource(Patience);
        var output = await shell.StandardOutput.ReadToEndAsync(patience.Token);
        await shell.WaitForExitAsync(patience.Token);
        var masked = Identity().Replace(Version().Replace(Time().Replace(output, "TIME"), "resourceVersion: \"N\""), "UID");
        var text = string.Join('\n', masked.Split('\n').Select(printed => printed.TrimEnd()));
        return shell.ExitCode == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}(exit {shell.ExitCode})\n");
    }

    /// <summary>The same lines again, each followed by what it prints.</summary>
    public async Task<string> ReplayAsync(string transcript)
    {
        var played = new StringBuilder();
        foreach (var line in transcript.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)))
        {
            played.Append(line).Append('\n').Append(await RunAsync(line[2..]));
        }

        return played.ToString();
    }

    /// <summary>Starts a line of shell; both of its outputs come as one.</summary>
    public Process Start(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec 2>&1; {line}"]) { RedirectStandardOutput = true, WorkingDirectory = _workspace.Folder };
        start.Environment["HOME"] = _workspace.Folder;
        start.Environment["KUBECONFIG"] = "/dev/null";
        start.Environment["PATH"] = $"{_workspace.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return Process.Start(start)!;
    }

    private static string? OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex("resourceVersion: \"\\d+\"")]
    private static partial Regex Version();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Identity();
}
