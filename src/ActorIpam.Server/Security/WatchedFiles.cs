using System.Security.Cryptography;

namespace ActorIpam.Server.Security;

/// <summary>Files whose content may be exchanged while the member runs, by a new file, a rename or a link that points elsewhere.</summary>
/// <remarks>They are small and read every time: neither a file's time nor a notification tells of links that are exchanged behind it, as Kubernetes does.</remarks>
internal sealed class WatchedFiles(params string[] paths)
{
    private string _taken = "", _seen = "";

    /// <summary>True when the content is another one than what was taken last.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public bool Changed()
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            all.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        _seen = Convert.ToHexString(all.GetHashAndReset());
        return _seen != _taken;
    }

    /// <summary>What was seen last is in use. Until this is said, it is looked at again: a pair of files may have been caught between two writes.</summary>
    public void Take() => _taken = _seen;

    public override string ToString() => string.Join(", ", paths);
}
