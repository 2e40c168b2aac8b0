using System.Security.Cryptography;

namespace ActorIpam.Server.Security;

/// <summary>Files whose content may be exchanged while the member runs, by a new file, a rename or a link that points elsewhere.</summary>
/// <remarks>They are small and read every time: neither a file's time nor a notification tells of links that are exchanged behind it, as Kubernetes does.</remarks>
internal sealed class WatchedFiles(params string[] paths)
{
    private string _seen = "";

    /// <summary>True when the content is another one than when this was asked last.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public bool Changed()
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            all.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        var now = Convert.ToHexString(all.GetHashAndReset());
        var changed = now != _seen;
        _seen = now;
        return changed;
    }

    public override string ToString() => string.Join(", ", paths);
}
