namespace ActorIpam.Cli.Map;

/// <summary>The signs of a map: blocks of ink, or plain ASCII where the output takes nothing else.</summary>
/// <param name="Free">Nobody holds it.</param>
/// <param name="Own">The owner of the block holds it.</param>
/// <param name="Shades">A cell of several addresses, by how many of them are held: from few to all.</param>
/// <param name="Dash">Between facts.</param>
internal sealed record MapGlyphs(char Free, char Own, string Shades, string Dash)
{
    public static readonly MapGlyphs Unicode = new('·', '█', "░▒▓█", "—");
    public static readonly MapGlyphs Ascii = new('.', '#', "-=%#", "-");

    /// <summary>The shade of a cell with <paramref name="held"/> of <paramref name="addresses"/> held, at least one.</summary>
    public char Shade(int held, int addresses) =>
        held == addresses ? Shades[^1] : Shades[Math.Min(held * (Shades.Length - 1) / addresses, Shades.Length - 2)];
}
