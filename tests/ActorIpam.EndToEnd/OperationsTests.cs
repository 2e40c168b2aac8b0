using System.Diagnostics;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd;

/// <summary>The commands of docs/operations.md, typed as they stand there, one section after the other, on a member that is stopped and started as they say.</summary>
public sealed class OperationsTests : IDisposable
{
    /// <summary>What the document takes for granted: programs on the path, a service that reads its settings from a file and no variable of the shell, journals, and a cluster in use.</summary>
    private const string Around = """
        set -euo pipefail
        ipamctl() { dotnet "$BIN/ipamctl.dll" "$@"; }
        systemctl() {
          case "$1" in
            stop) kill "$MEMBER"; wait "$MEMBER" || true ;;
            start)
              : > ready
              dotnet "$BIN/ipamd.dll" --config "$IPAMD_CONFIG" --listen http://127.0.0.1:0 > ready 2> errors & MEMBER=$!
              until grep -q ^ready ready; do kill -0 "$MEMBER"; sleep 0.1; done
              IPAM_SERVER=$(sed -n 's/^ready //p' ready)
              export IPAM_SERVER ;;
          esac
        }
        trap 'kill "$MEMBER" 2> /dev/null || true; cat errors >&2' EXIT
        unset IPAM_JOURNAL
        export IPAMD_CONFIG="$PWD/ipamd.json" JOURNAL="sqlite:$PWD/ipam.db" NEW_JOURNAL="sqlite:$PWD/moved.db"
        printf '// The settings of a member.\n{\n    "journal": "%s",\n    "log-level": "warning"\n}\n' "$JOURNAL" > "$IPAMD_CONFIG"
        systemctl start ipamd
        ipamctl apply -f "$EXAMPLES"
        ipamctl ipam assign --host node-a --handle web-1
        ipamctl ipam assign --host node-a --handle web-2
        ipamctl ipam assign --host node-c --handle leaked-1
        cp -r "$EXAMPLES" definitions
        printf 'apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: more\nspec:\n  cidr: 10.7.0.0/24\n' > more.yaml

        """;

    /// <summary>What must have happened before a section makes sense.</summary>
    private static readonly Dictionary<string, string> Before = new(StringComparer.Ordinal)
    {
        ["A restored backup"] = """
            ipamctl backup --journal "$JOURNAL" --to last.backup
            ipamctl ipam assign --host node-a --handle after-the-backup
            export NEW_JOURNAL="sqlite:$PWD/restored.db"

            """,
    };

    private readonly Workspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Every_command_of_the_document_does_what_it_is_there_for()
    {
        var root = RootOf(AppContext.BaseDirectory);
        var (script, blocks) = Script(await File.ReadAllLinesAsync(Path.Combine(root, "docs", "operations.md"), Cancellation));
        blocks.ShouldBeGreaterThan(15);

        var start = new ProcessStartInfo("bash", [_workspace.Write("operations.sh", script)]) { WorkingDirectory = _workspace.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BIN"] = AppContext.BaseDirectory;
        start.Environment["EXAMPLES"] = Path.Combine(root, "deploy", "examples", "quickstart");
        using var typed = Process.Start(start)!;
        var (output, errors) = (typed.StandardOutput.ReadToEndAsync(Cancellation), typed.StandardError.ReadToEndAsync(Cancellation));
        await typed.WaitForExitAsync(Cancellation);

        typed.ExitCode.ShouldBe(0, $"{await output}\n{await errors}");
        (await output).ShouldContain($"== {blocks}\n", Case.Sensitive, "the last block was reached");
        (await output).ShouldContain("Adopted ");
    }

    /// <summary>All blocks marked sh, each behind its number and behind what its section needs.</summary>
    private static (string Script, int Blocks) Script(IEnumerable<string> lines)
    {
        var (script, blocks, inside) = (new System.Text.StringBuilder(Around), 0, false);
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```sh";
                script.Append(inside ? $"echo '== {++blocks}'\n" : "");
            }
            else if (inside)
            {
                script.Append(line).Append('\n');
            }
            else if (line.StartsWith('#') && Before.GetValueOrDefault(line.TrimStart('#').Trim()) is { } needed)
            {
                script.Append(needed);
            }
        }

        return (script.ToString(), blocks);
    }

    private static string RootOf(string folder) => File.Exists(Path.Combine(folder, "ActorIpam.sln")) ? folder : RootOf(Path.GetDirectoryName(folder.TrimEnd('/'))!);
}
