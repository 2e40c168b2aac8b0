namespace ActorIpam.Simulation.Kernel;

/// <summary>A running digest of everything that happened in a world (FNV-1a, 64 bits). Two runs of a seed must end with the same value.</summary>
public sealed class TraceHash
{
    private const ulong Prime = 0x100000001B3;

    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    public void Mix(long number)
    {
        unchecked
        {
            Value = (Value ^ (ulong)number) * Prime;
            Value = (Value ^ ((ulong)number >> 32)) * Prime;
        }
    }

    public void Mix(string text)
    {
        unchecked
        {
            var value = Value;
            foreach (var letter in text)
            {
                value = (value ^ letter) * Prime;
            }

            Value = value;
        }
    }
}
