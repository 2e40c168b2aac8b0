using Spectre.Console;

namespace ActorIpam.Cli.Map;

/// <summary>Paints a map: a legend, one line a block, the totals. Letters tell the same as colours.</summary>
internal sealed class MapPainter(IAnsiConsole console, MapGlyphs glyphs, int width)
{
    private const int MostCells = 128;
    private const int FewestCells = 8;

    private static readonly Color[] Palette =
    [
        Color.DodgerBlue1, Color.Orange1, Color.SeaGreen2, Color.MediumPurple1, Color.IndianRed1, Color.DarkTurquoise,
        Color.Gold1, Color.HotPink, Color.GreenYellow, Color.SteelBlue1, Color.Salmon1, Color.LightSlateGrey,
    ];

    public void Paint(PoolMap map)
    {
        Line($"Pool {map.Pool} {map.Range} {glyphs.Dash} {MapFigures.Claimed(map)}");
        if (map.Blocks.IsEmpty)
        {
            Line("No block of it is claimed: every address is free.");
            return;
        }

        if (!map.Shown.IsEmpty)
        {
            PaintBlocks(map);
        }

        Line();
        if (map.Folded.Any())
        {
            Line(MapFigures.Folded(map));
        }

        Line(MapFigures.Totals(map));
    }

    private void PaintBlocks(PoolMap map)
    {
        var cells = CellsFor(map);
        PaintLegend(map, cells);
        foreach (var block in map.Shown)
        {
            PaintBlock(map, block, cells);
        }
    }

    /// <summary>As many cells a block as fit beside its name and figures: a power of two, so that each stands for as many addresses.</summary>
    private int CellsFor(PoolMap map)
    {
        var beside = NameWidth(map) + 5 + map.Shown.Max(b => MapFigures.Of(b.View).Length) + 2;
        var cells = Math.Min(MostCells, map.Shown.Max(b => b.Size));
        while (cells > FewestCells && beside + cells > width)
        {
            cells /= 2;
        }

        return cells;
    }

    private void PaintLegend(PoolMap map, int cells)
    {
        var shown = map.Hosts.Names.Take(MapHosts.MostLetters).Select(name => (name, $"{map.Hosts.LetterOf(name)} {name}")).ToList();
        if (map.Hosts.Count > shown.Count)
        {
            shown.Add(("", $"{MapHosts.Other} {map.Hosts.Count - shown.Count} more"));
        }

        var line = new Paragraph("Hosts:");
        var length = "Hosts:".Length;
        foreach (var (name, text) in shown)
        {
            if (length + text.Length + 2 > width)
            {
                Write(line);
                line = new Paragraph("      ");
                length = "Hosts:".Length;
            }

            line.Append("  ").Append(text, StyleOf(map, name));
            length += text.Length + 2;
        }

        Write(line);
        var grouped = map.Shown.Any(b => b.Size > cells);
        var perCell = grouped ? $"\n        a cell is {map.Shown.Max(b => b.Size) / cells} addresses, shaded {glyphs.Shades} by how many its owner holds" : "";
        Line($"Cells:  {glyphs.Free} not held   {glyphs.Own} held by the block's owner   a letter: borrowed by that host{perCell}");
        Line("Counts: held/size, b borrowed, c cooling, h kept by the host, r reserved");
        Line();
    }

    private void PaintBlock(PoolMap map, MapBlock block, int cells)
    {
        var owner = block.View.Host ?? "";
        var line = new Paragraph(block.View.Cidr.PadRight(NameWidth(map)) + "  ");
        line.Append(owner.Length == 0 ? "-" : map.Hosts.LetterOf(owner).ToString(), StyleOf(map, owner)).Append("  ");
        var count = Math.Min(cells, block.Size);
        var addresses = block.Size / count;
        for (var cell = 0; cell < count; cell++)
        {
            var (glyph, holder) = Cell(map, block, cell * addresses, addresses);
            line.Append(glyph.ToString(), StyleOf(map, holder));
        }

        Write(line.Append($"{new string(' ', cells - count)}  {MapFigures.Of(block.View)}"));
    }

    /// <summary>The sign of some addresses and whose colour it has: a borrower goes first, for borrowing is what one looks for.</summary>
    private (char Glyph, string Holder) Cell(PoolMap map, MapBlock block, int first, int addresses)
    {
        var owner = block.View.Host ?? "";
        var holders = Enumerable.Range(first, addresses).Where(block.Holders.ContainsKey).Select(at => block.Holders[at]).ToList();
        if (holders.Count == 0)
        {
            return (glyphs.Free, "");
        }

        var borrower = holders.Where(h => h != owner || owner.Length == 0)
            .GroupBy(h => h).OrderByDescending(g => g.Count()).ThenBy(g => map.Hosts.PlaceOf(g.Key)).FirstOrDefault()?.Key;
        return borrower is not null ? (map.Hosts.LetterOf(borrower), borrower)
            : addresses == 1 ? (glyphs.Own, owner)
            : (glyphs.Shade(holders.Count, addresses), owner);
    }

    private static Style StyleOf(PoolMap map, string host) =>
        map.Hosts.PlaceOf(host) is >= 0 and var place ? new(Palette[place % Palette.Length]) : Style.Plain;

    private static int NameWidth(PoolMap map) => map.Shown.Max(b => b.View.Cidr.Length);

    private void Line(string text = "") => Write(new Paragraph(text));

    private void Write(Paragraph line)
    {
        console.Write(line);
        console.WriteLine();
    }
}
