using System.Runtime.InteropServices;

namespace ActorIpam.Storage;

/// <summary>Makes what was written to a file outlast a loss of power.</summary>
internal static class DurableFile
{
    private const int ReadOnly = 0;

    public static void Sync(string file)
    {
        using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    /// <summary>A rename is kept when the folder is. The base library opens no folders.</summary>
    public static void SyncFolder(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var error = FSync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error != 0)
        {
            throw new IOException($"The folder {folder} cannot be written through (error {error}).");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
