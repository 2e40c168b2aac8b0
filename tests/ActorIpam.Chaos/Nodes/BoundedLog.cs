namespace ActorIpam.Chaos.Nodes;

/// <summary>What a program prints, in a file. When that is full it is kept as FILE.old, in place of the one before, so that no run fills a disk.</summary>
internal sealed class BoundedLog : IDisposable
{
    private const long Most = 32 << 20;

    private readonly Lock _gate = new();
    private readonly string _file;
    private StreamWriter? _writer;

    /// <summary>Writes behind what is in the file.</summary>
    public BoundedLog(string file) => (_file, _writer) = (file, Open(file));

    /// <remarks>After <see cref="Dispose"/> it does nothing: children that outlive a program may still hold its output.</remarks>
    public void Add(string line)
    {
        lock (_gate)
        {
            if (_writer is null)
            {
                return;
            }

            if (_writer.BaseStream.Length > Most)
            {
                _writer.Dispose();
                File.Move(_file, _file + ".old", overwrite: true);
                _writer = Open(_file);
            }

            _writer.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private static StreamWriter Open(string file) => new(file, append: true) { AutoFlush = true };
}
