using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorIpam.Benchmarks;

/// <summary>Reads what bench/compare.sh left – ROUND.STORAGE.ROW, and ROUND.floor.NAME with one number – and tells medians, spreads and ratios.</summary>
internal static class Report
{
    /// <summary>What each row is compared with, and what is aimed at; a row that is not here is only told.</summary>
    private static readonly Target[] Targets =
    [
        new("postgres", "assign-64", "floor", "pgbench-64", 0.8),
        new("sqlite", "assign-64", "floor", "sqlite-commit", 1.2) { MostP99 = 30 },
        new("postgres", "one-host-16", "postgres", "assign-64", 0.5),
        new("postgres", "borrow-64", "postgres", "assign-64", 0.4) { MostP99 = 50 },
        new("postgres", "release-64", "postgres", "assign-64", 1),
        new("postgres", "release-final-64", "postgres", "assign-64", 1),
        new("postgres", "three-owner", "postgres", "assign-64", 0.7),
        new("postgres", "three-any", "postgres", "assign-64", 0.4),
        new("postgres", "assign-1", "floor", "pgbench-1", 0.25) { MostP50 = 1 },
        new("sqlite", "assign-1", "floor", "sqlite-commit", 0.25) { MostP50 = 1 },
    ];

    /// <param name="folder">Where the figures lie.</param>
    /// <param name="json">A file for the figures; null for none.</param>
    /// <returns>0, or 1 when an address was granted twice or a request failed.</returns>
    public static int Write(string folder, string? json)
    {
        var figures = Directory.EnumerateFiles(folder).Select(Figure.Read).GroupBy(static one => (one.Storage, one.Row)).Select(static group => new Row(group.Key.Storage, group.Key.Row, [.. group])).ToList();
        Line("ROW", "ON", "PER SECOND", "SPREAD", "P50 MS", "P99 MS", "CPU µS", "ERRORS", "RATIO");
        var document = new JsonArray();
        foreach (var row in figures.OrderBy(static row => row.Storage, StringComparer.Ordinal).ThenBy(static row => row.Name, StringComparer.Ordinal))
        {
            var target = Targets.FirstOrDefault(target => target.Storage == row.Storage && target.Row == row.Name);
            var against = target is null ? null : figures.Find(one => one.Storage == target.OtherStorage && one.Name == target.OtherRow);
            var ratio = against is null ? (double?)null : row.PerSecond / against.PerSecond;
            Line(row.Name, row.Storage, Text(row.PerSecond, "0"), $"±{Text(row.Spread * 100, "0")} %", Text(row.P50, "0.00"), Text(row.P99, "0.00"), row.Processors, Text(row.Errors, "0"), target is null || ratio is null ? "" : target.Tell(ratio.Value, row));
            document.Add(row.ToJson(ratio, target));
        }

        if (json is not null)
        {
            File.WriteAllText(json, document.ToJsonString(new() { WriteIndented = true }) + "\n");
        }

        return figures.TrueForAll(static row => row.Errors == 0) ? 0 : 1;
    }

    private static void Line(params string[] cells) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{cells[0],-18}{cells[1],-10}{cells[2],12}{cells[3],9}{cells[4],9}{cells[5],9}  {cells[6],-28}{cells[7],7}  {cells[8]}").TrimEnd());

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private sealed record Target(string Storage, string Row, string OtherStorage, string OtherRow, double Ratio)
    {
        public double? MostP50 { get; init; }

        public double? MostP99 { get; init; }

        public string Tell(double ratio, Row row)
        {
            var aims = new List<string> { $"{Text(ratio, "0.00")} of {OtherRow} (aim {Text(Ratio, "0.##")}: {Word(ratio >= Ratio)})" };
            if (MostP50 is { } p50)
            {
                aims.Add($"p50 ≤ {Text(p50, "0")} ms: {Word(row.P50 <= p50)}");
            }

            if (MostP99 is { } p99)
            {
                aims.Add($"p99 ≤ {Text(p99, "0")} ms: {Word(row.P99 <= p99)}");
            }

            return string.Join(", ", aims);
        }

        private static string Word(bool reached) => reached ? "reached" : "missed";
    }

    private sealed record Row(string Storage, string Name, Figure[] Figures)
    {
        public double PerSecond => Median(static figure => figure.PerSecond)!.Value;

        /// <summary>Half of what lies between the fastest and the slowest round, of the median.</summary>
        public double Spread => (Figures.Max(static figure => figure.PerSecond) - Figures.Min(static figure => figure.PerSecond)) / 2 / Math.Max(PerSecond, 1);

        public double? P50 => Median(static figure => figure.P50);

        public double? P99 => Median(static figure => figure.P99);

        public double Errors => Figures.Sum(static figure => figure.Errors);

        public string Processors => string.Join(", ", Names.Select(name => $"{name} {Text(Median(figure => figure.Processors.TryGetValue(name, out var used) ? used : null), "0")}"));

        public JsonObject ToJson(double? ratio, Target? target)
        {
            var json = new JsonObject
            {
                ["row"] = Name,
                ["on"] = Storage,
                ["perSecond"] = PerSecond,
                ["rounds"] = new JsonArray([.. Figures.Select(static figure => (JsonNode)figure.PerSecond)]),
                ["p50Milliseconds"] = P50,
                ["p99Milliseconds"] = P99,
                ["errors"] = Errors,
            };
            foreach (var name in Names)
            {
                json[name + "Microseconds"] = Median(figure => figure.Processors.TryGetValue(name, out var used) ? used : null);
            }

            if (ratio is not null)
            {
                (json["against"], json["ratio"], json["aim"]) = (target!.OtherRow, ratio, target.Ratio);
            }

            return json;
        }

        private IEnumerable<string> Names => Figures.SelectMany(static figure => figure.Processors.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        private double? Median(Func<Figure, double?> of)
        {
            var sorted = Figures.Select(of).OfType<double>().Order().ToArray();
            return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    private sealed record Figure(string Storage, string Row, double PerSecond, double? P50, double? P99, double Errors, IReadOnlyDictionary<string, double> Processors)
    {
        public static Figure Read(string file)
        {
            if (Path.GetFileName(file).Split('.', 3) is not [_, var storage, var row])
            {
                throw new InvalidOperationException($"{file} is not named ROUND.STORAGE.ROW.");
            }

            var text = File.ReadAllText(file);
            if (storage == "floor")
            {
                return new(storage, row, double.Parse(text, CultureInfo.InvariantCulture), null, null, 0, new Dictionary<string, double>());
            }

            var json = JsonNode.Parse(text)!;
            return new(
                storage, row, (double)json["perSecond"]!, (double)json["milliseconds"]!["p50"]!, (double)json["milliseconds"]!["p99"]!,
                json["errors"]!.AsObject().Sum(static error => (double)error.Value!) + (double)json["grantedTwice"]!,
                json["processorMicroseconds"]!.AsObject().ToDictionary(static one => one.Key, static one => (double)one.Value!));
        }
    }
}
