using System.Globalization;
using ActorIpam.Benchmarks.Floors;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ActorIpam.Benchmarks;

/// <summary>
/// Without <c>floor</c>: BenchmarkDotNet with its own options. With it one figure on standard output, which bench/compare.sh reads:
/// <c>floor sqlite FILE SECONDS</c> or <c>floor append CONNECTION-STRING SECONDS</c>; <c>report FOLDER [FILE]</c> makes the table of what it collected.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["floor", "sqlite", var file, var seconds]:
                Console.WriteLine(Text(SqliteFloor.CommitsPerSecond(file, Seconds(seconds))));
                return 0;
            case ["floor", "append", var connection, var seconds]:
                Console.WriteLine(Text(await AppendFloor.UnitsPerSecondAsync(connection, Seconds(seconds))));
                return 0;
            case ["report", var folder, ..]:
                return Report.Write(folder, arguments.Length > 2 ? arguments[2] : null);
            case ["floor", ..]:
                await Console.Error.WriteLineAsync("benchmarks: floor sqlite FILE SECONDS | floor append CONNECTION-STRING SECONDS");
                return 2;
            default:
                var config = ManualConfig.CreateEmpty()
                    .AddColumnProvider(DefaultColumnProviders.Instance).AddLogger(ConsoleLogger.Default).AddExporter(JsonExporter.Brief)
                    .AddDiagnoser(BenchmarkDotNet.Diagnosers.MemoryDiagnoser.Default)
                    .AddJob((arguments.Contains("--smoke") ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance));
                var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. arguments.Where(static one => one != "--smoke")], config).ToList();
                return summaries.Count > 0 && summaries.TrueForAll(static summary => !summary.HasCriticalValidationErrors && summary.Reports.All(static report => report.Success)) ? 0 : 1;
        }
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static string Text(double perSecond) => perSecond.ToString("0.0", CultureInfo.InvariantCulture);
}
