using System.Text;
using ActorIpam.Server.Hosting;

namespace ActorIpam.Server.Security;

/// <summary>The operator token in a file that whoever deploys the member has written, such as a secret of compose or Kubernetes.</summary>
/// <remarks>Of its content only the digest is kept. It is read again when the file changes; a file that became unusable leaves the old one in force.</remarks>
internal sealed class BootstrapToken(string path) : IReloaded
{
    private readonly WatchedFiles _file = new(path);
    private volatile string _digest = "";

    public string What => $"--bootstrap-token-file {path}";

    public bool Is(string digest) => _digest == digest;

    public string? Reload()
    {
        if (!_file.Changed())
        {
            return null;
        }

        // A text that is no UTF-8 is taken for what the file holds all the same: nobody can present it, and that is all.
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(path)).Trim();
        if (text.Length is < TokenText.ShortestBootstrap or > TokenText.Longest || text.Any(c => c is <= ' ' or > '~'))
        {
            throw new CannotStartException(
                $"{What}: a token has {TokenText.ShortestBootstrap} to {TokenText.Longest} printable characters without blanks; 'openssl rand -hex 32' makes a good one.");
        }

        _digest = TokenText.DigestOf(text);
        _file.Take();
        return "another token is in force";
    }
}
