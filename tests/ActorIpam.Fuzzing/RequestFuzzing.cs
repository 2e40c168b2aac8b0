using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using Shouldly;
using Xunit;

namespace ActorIpam.Fuzzing;

/// <summary>Bodies of requests: read, or refused as Malformed, UnknownField or WrongType; what was read is written and read back as the same.</summary>
public sealed class RequestFuzzing
{
    private static readonly Dictionary<string, Func<string, bool>> Readers = new(StringComparer.Ordinal)
    {
        ["""{"host":"node-a","handle":"web/1","requestId":"r-1","ipv4":2,"ipv6":0,"use":"Workload","attributes":{"pod":"web-0","ns":"a"},"ipv4Pools":["web","10.0.0.0/24"],"maxBlocks":3,"issuedAt":"2026-01-01T00:00:00Z"}"""] = Reader(ApiJson.Default.AssignRequest),
        ["""{"ip":"10.0.0.7","host":"node-a","handle":"web/1","requestId":"r-2"}"""] = Reader(ApiJson.Default.AssignIpRequest),
        ["""{"addresses":[{"ip":"10.0.0.7","handle":"web/1","generation":9},{"ip":"fd00::1"}],"requestId":"r-3"}"""] = Reader(ApiJson.Default.ReleaseRequest),
        ["""{"handle":"web/1","final":true,"issuedAt":"2026-01-01T00:00:00.25+02:00"}"""] = Reader(ApiJson.Default.ReleaseHandleRequest),
        ["""{"host":"node-a","network":"net","keep":["a","b"],"issuedAt":"2026-01-01T00:00:00Z"}"""] = Reader(ApiJson.Default.GarbageRequest),
        ["""{"pool":"web","parts":4}"""] = Reader(ApiJson.Default.SplitRequest),
        ["""{"host":"node-a","block":"10.0.0.0/26"}"""] = Reader(ApiJson.Default.AffinityRequest),
    };

    private static readonly string[] Samples = [.. Readers.Keys];

    private static readonly RefusalCode[] Declared = [RefusalCode.Malformed, RefusalCode.UnknownField, RefusalCode.WrongType];

    [Fact]
    public void Every_body_is_read_or_refused_and_reads_back()
    {
        var reader = Readers[Samples[0]];
        Fuzz.Play(
            chance =>
            {
                var sample = chance.Of(Samples);
                reader = Readers[sample];
                return chance.Below(4) switch
                {
                    0 => sample,
                    1 => Written(Value(chance, 4)),
                    _ => Damage.Of(sample, chance),
                };
            },
            text => reader(text));
    }

    [Theory]
    [InlineData("""{"host":"a","issuedAt":"2026-01-01T00:0\ud8000:00Z"}""")]
    [InlineData("""{"host":"\udc00"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"attributes":{"\ud800":"x"}}""")]
    public void Half_a_surrogate_pair_is_malformed(string body)
    {
        var read = RequestBody.Read(Encoding.UTF8.GetBytes(body), ApiJson.Default.AssignRequest);
        read.IsRefused.ShouldBeTrue();
        read.Refusals.ShouldAllBe(refusal => Declared.Contains(refusal.Code));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("""{"attributes":""", "}")]
    [InlineData("""{"addresses":[""", "]}")]
    public void A_bomb_of_depth_is_refused(string open, string close)
    {
        foreach (var depth in (int[])[40, 100_000])
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            RequestBody.Read(Encoding.UTF8.GetBytes(text), ApiJson.Default.AssignRequest).IsRefused.ShouldBeTrue();
        }
    }

    private static Func<string, bool> Reader<T>(JsonTypeInfo<T> shape)
        where T : class, new() => text =>
        {
            var read = RequestBody.Read(Encoding.UTF8.GetBytes(text), shape);
            if (read.IsRefused)
            {
                read.Refusals.ShouldAllBe(refusal => Declared.Contains(refusal.Code) && refusal.Message.Length > 0);
                return false;
            }

            var printed = JsonSerializer.SerializeToUtf8Bytes(read.Value, shape);
            var again = RequestBody.Read(printed, shape);
            again.IsRefused.ShouldBeFalse(Encoding.UTF8.GetString(printed));
            JsonSerializer.SerializeToUtf8Bytes(again.Value, shape).ShouldBe(printed);
            return true;
        };

    /// <summary>Any JSON, with fields that requests have.</summary>
    private static object? Value(Chance chance, int depth) => chance.Below(depth > 0 ? 9 : 6) switch
    {
        0 => null,
        1 => chance.Percent(50),
        2 => chance.Of(0L, 1, -1, 2, 1_000_000, long.MaxValue, int.MinValue),
        3 => chance.Of(0.5, 1e300, -0.0),
        4 or 5 => chance.Of("", "web", "10.0.0.1", "node-a", "2026-01-01T00:00:00Z", "ü\u0000\"", new string('x', 300)),
        6 => chance.Some(4, () => Value(chance, depth - 1)).ToList(),
        _ => chance.Some(5, () => (Key: chance.Of("host", "handle", "ipv4", "addresses", "ip", "attributes", "final", "keep", "other", ""), Value: Value(chance, depth - 1)))
            .DistinctBy(field => field.Key).ToDictionary(field => field.Key, field => field.Value),
    };

    private static string Written(object? value) => JsonSerializer.Serialize(value);
}
