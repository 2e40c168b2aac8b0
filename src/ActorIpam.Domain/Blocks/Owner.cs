namespace ActorIpam.Domain.Blocks;

/// <summary>Who holds a block: a host, or a virtual holder such as a load balancer, which has no Node.</summary>
/// <remarks>Text form: <c>host:NAME</c> or <c>virtual:NAME</c>.</remarks>
public readonly record struct Owner(OwnerKind Kind, string Name)
{
    public static Owner Host(string name) => new(OwnerKind.Host, name);

    public static Owner Virtual(string name) => new(OwnerKind.Virtual, name);

    /// <exception cref="FormatException">The text has neither prefix.</exception>
    public static Owner Parse(string text) =>
        text.StartsWith("host:", StringComparison.Ordinal) ? Host(text[5..])
        : text.StartsWith("virtual:", StringComparison.Ordinal) ? Virtual(text[8..])
        : throw new FormatException($"'{text}' is not an owner.");

    public override string ToString() => (Kind == OwnerKind.Host ? "host:" : "virtual:") + Name;
}

public enum OwnerKind
{
    Host,
    Virtual,
}
