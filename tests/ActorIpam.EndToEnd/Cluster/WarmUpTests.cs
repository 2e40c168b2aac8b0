using System.Net;
using ActorIpam.EndToEnd.Telemetry;
using ActorIpam.Server.Hosting.WarmUp;
using ActorIpam.Server.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>What a member does before it joins (docs/decisions/0027).</summary>
public sealed class WarmUpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rounds_go_through_both_members_and_the_wire_between_them(bool isEncrypted)
    {
        using var workspace = new Workspace();
        await using var small = await SmallCluster.StartAsync(await OptionsAsync(workspace, isEncrypted), NullLogger.Instance);
        using var http = small.Connect();
        await new Rounds(http).PlayAsync(TestContext.Current.CancellationToken);

        var shown = new Exposition(await http.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken));
        shown.Value("ipam_forwards_total{outcome=\"answered\"}").ShouldNotBeNull().ShouldBeGreaterThan(10);
        shown.Value("ipam_forwards_total{outcome=\"silent\"}").ShouldBe(0);
        shown.Value("ipam_assignments_total{family=\"ipv4\",how=\"claimed\"}").ShouldNotBeNull().ShouldBeGreaterThan(0);
        shown.Value("ipam_pool_addresses{pool=\"narrow\",state=\"assigned\"}").ShouldBe(0);
    }

    [Fact]
    public async Task What_goes_wrong_there_is_logged_and_nothing_else()
    {
        using var workspace = new Workspace();
        var options = await OptionsAsync(workspace, isEncrypted: true);
        File.WriteAllText(options.Tls!.Key, "no key");
        var log = new Lines();
        await Warming.RunAsync(options, log);
        log.Told.ShouldHaveSingleItem().ShouldContain("could not serve itself before it joined");
    }

    /// <summary>A member with a certificate for the name by which others know it.</summary>
    private static async Task<ClusterOptions> OptionsAsync(Workspace workspace, bool isEncrypted)
    {
        if (!isEncrypted)
        {
            return new(IPAddress.Loopback, 0, null, null);
        }

        var folder = workspace.At("certs");
        var (code, _, errors) = await Ipamctl.RunAsync(new Uri("http://127.0.0.1:1"), "cluster", "certs", folder, "--member", "m1=member.test");
        code.ShouldBe(0, errors);
        return new(IPAddress.Loopback, 0, new("https://member.test:7081"), new(Path.Combine(folder, "ca.crt"), Path.Combine(folder, "m1.crt"), Path.Combine(folder, "m1.key")));
    }

    private sealed class Lines : ILogger
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Add(formatter(state, exception));
    }
}
