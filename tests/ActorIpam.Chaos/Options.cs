using System.Globalization;

namespace ActorIpam.Chaos;

/// <summary>What a run is made of.</summary>
internal sealed record Options
{
    public const string Help = """
        Three members, PostgreSQL and simulated hosts in network namespaces of their own; faults by chance; then every law is judged.

          chaos [--minutes N] [--seed S] [--members N] [--hosts N] [--clients N] [--rate N] [--warm-up S] [--database plain|patroni] [--faults A,B] [--at-once N] [--program FILE] [--other FILE] [--promises hold|tell] [--report FILE] [--keep]

          --minutes N     how long faults go on (default 3)
          --seed S        draws faults and requests (default: from the clock; it is printed)
          --members N     3 to 5 (default 3)
          --hosts N       simulated hosts (default 8)
          --clients N     pods that come and go (default 48)
          --rate N        requests a second of all clients together (default 1000)
          --warm-up S     seconds of the same load before the first fault (default 10)
          --database D    plain: one PostgreSQL; patroni: three under Patroni, with etcd (default plain)
          --faults A,B    only these; --faults list names them, and with "none" nothing is broken
          --at-once N     1: one fault after the other; 2: one of programs and one of the network side by side (default 1)
          --program FILE  the build of ipamd that members run, the program or its ipamd.dll (default: the one this program was built with)
          --other FILE    another build of ipamd, to which members are upgraded in turn, and back
          --promises P    hold: waits that are longer than promised fail the run; tell: they are only told,
                          for a machine that does other work as well (default hold)
          --report FILE   writes the table there as well
          --keep          leaves logs and data where they are

        It needs root (network namespaces), PostgreSQL, nftables and iproute2; for patroni also patroni and etcd-server.
        """;

    public double Minutes { get; init; } = 3;

    public int Seed { get; init; } = Environment.TickCount & int.MaxValue;

    public int Members { get; init; } = 3;

    public int Hosts { get; init; } = 8;

    public int Clients { get; init; } = 48;

    public int Rate { get; init; } = 1000;

    /// <summary>Programs that have just started are slow; what is measured begins behind it.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public bool Patroni { get; init; }

    /// <summary>Names of faults; empty for all that the world can have.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>How many faults may last at the same time: 1 or 2.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>The ipamd that members run, or its ipamd.dll.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "ipamd.dll");

    /// <summary>That of another build.</summary>
    public string? Other { get; init; }

    /// <summary>Waits that are longer than promised fail the run.</summary>
    public bool HoldsPromises { get; init; } = true;

    public string? Report { get; init; }

    public bool Keep { get; init; }

    /// <exception cref="FormatException">An argument cannot be used; the message says which.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--keep")
            {
                options = options with { Keep = true };
                continue;
            }

            var (name, value) = (arguments[i], i + 1 < arguments.Count ? arguments[++i] : throw new FormatException($"{arguments[i]} needs a value."));
            options = name switch
            {
                "--minutes" => options with { Minutes = Number(name, value, 0.1, 10_000) },
                "--seed" => options with { Seed = (int)Number(name, value, 0, int.MaxValue) },
                "--members" => options with { Members = (int)Number(name, value, 3, 5) },
                "--hosts" => options with { Hosts = (int)Number(name, value, 1, 64) },
                "--clients" => options with { Clients = (int)Number(name, value, 1, 512) },
                "--rate" => options with { Rate = (int)Number(name, value, 1, 100_000) },
                "--warm-up" => options with { WarmUp = TimeSpan.FromSeconds(Number(name, value, 0, 600)) },
                "--database" => options with { Patroni = value switch { "plain" => false, "patroni" => true, _ => throw new FormatException($"--database: '{value}' is neither plain nor patroni.") } },
                "--faults" => options with { Faults = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--at-once" => options with { AtOnce = (int)Number(name, value, 1, 2) },
                "--program" => options with { Program = Existing(name, value) },
                "--other" => options with { Other = Existing(name, value) },
                "--promises" => options with { HoldsPromises = value switch { "hold" => true, "tell" => false, _ => throw new FormatException($"--promises: '{value}' is neither hold nor tell.") } },
                "--report" => options with { Report = value },
                _ => throw new FormatException($"There is no option {name}."),
            };
        }

        return options;
    }

    private static string Existing(string name, string file) => File.Exists(file) ? Path.GetFullPath(file) : throw new FormatException($"{name}: there is no file {file}.");

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a number from {least} to {most}."));
}
