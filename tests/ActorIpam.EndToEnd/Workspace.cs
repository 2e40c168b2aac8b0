namespace ActorIpam.EndToEnd;

/// <summary>A temporary folder that goes with the test.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace() => Folder = Directory.CreateTempSubdirectory("ipamd-").FullName;

    public string Folder { get; }

    /// <summary>The journal most tests use.</summary>
    public string Journal => "sqlite:" + At("data/ipam.db");

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        var file = At(name);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
