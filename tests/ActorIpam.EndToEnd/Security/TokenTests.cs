using System.Text.RegularExpressions;
using ActorIpam.Domain.Access;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Server.Security;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Security;

/// <summary>The life of a token.</summary>
public sealed partial class TokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_told_once_survives_a_restart_and_ends_when_it_is_revoked()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync();
        var operatorFile = guarded.Workspace.At("bootstrap.token");

        var made = await Ipamctl.RunAsync(guarded.Member.Url, "token", "create", "rack-1", "--role", "allocator", "--host", "rack-1", "--expires", "30d", "--token-file", operatorFile);
        made.Code.ShouldBe(0, made.Errors);
        var token = made.Output.Trim();
        Shape().IsMatch(token).ShouldBeTrue(token);
        (await Ipamctl.RunAsync(guarded.Member.Url, "token", "create", "rack-1", "--role", "viewer", "--token-file", operatorFile)).Errors.ShouldContain("There is a token rack-1 already");

        await guarded.RestartAsync();
        using var bearer = guarded.As(token);
        ((string)(await bearer.GetAsync("/ipam/v1/access")).Expect(200).Json["host"]!).ShouldBe("rack-1");
        var list = await Ipamctl.RunAsync(guarded.Member.Url, "token", "list", "--token-file", operatorFile);
        list.Output.ShouldContain("rack-1");
        list.Output.ShouldContain("bootstrap");
        list.Output.ShouldNotContain(token);

        (await Ipamctl.RunAsync(guarded.Member.Url, "token", "revoke", "rack-1", "--token-file", operatorFile)).Output.ShouldBe("Revoked rack-1.\n");
        (await bearer.GetAsync("/ipam/v1/access")).Expect(401).Challenge.ShouldContain("invalid_token");
        (await Ipamctl.RunAsync(guarded.Member.Url, "token", "revoke", "rack-1", "--token-file", operatorFile)).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"role":"viewer"}""", "name")]
    [InlineData("""{"name":"a b","role":"viewer"}""", "name")]
    [InlineData("""{"name":"a"}""", "role")]
    [InlineData("""{"name":"a","role":"Operator"}""", "role")]
    [InlineData("""{"name":"a","role":"allocator"}""", "host")]
    [InlineData("""{"name":"a","role":"viewer","host":"rack-1"}""", "host")]
    [InlineData("""{"name":"a","role":"viewer","expiresInSeconds":0}""", "expiresInSeconds")]
    public async Task A_token_that_cannot_be_made_is_refused_by_field(string body, string field)
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync();

        (await guarded.Operator.PostAsync(Guarded.Tokens, body)).Expect(422).Fields.ShouldBe([field]);
        (await guarded.Operator.GetAsync(Guarded.Tokens)).Expect(200).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_laptop_trial_asks_for_nothing_and_may_make_the_first_token()
    {
        await using var serving = new Serving();
        await serving.StartAsync();
        var token = (string)(await serving.Api.PostAsync(Guarded.Tokens, """{"name":"admin","role":"operator"}""")).Expect(201).Json["token"]!;
        (await serving.Api.GetAsync("/ipam/v1/access")).Expect(200).Json["identity"]!.ToString().ShouldBe("anonymous");

        await serving.RestartAsync("--auth", "required");

        (await serving.Api.GetAsync(Pools)).Expect(401);
        using var admin = new Api(new(), serving.Member.Url, token);
        (await admin.GetAsync(Pools)).Expect(200);
    }

    [Fact]
    public async Task A_member_that_nobody_can_call_says_so()
    {
        await using var member = await MemberProcess.StartAsync("--journal", "memory:", "--auth", "required");

        member.Errors.ShouldContain("nobody can call yet");
    }

    [Fact]
    public async Task No_secret_is_in_the_log_at_its_most_talkative()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync("--log-level", "trace", "--audit", "all");
        var token = await guarded.TokenAsync("talkative", "operator");
        using var bearer = guarded.As(token);
        const string garbage = "aipam_this-is-no-token-but-somebody-may-have-mistyped-one";
        using var wrong = guarded.As(garbage);

        (await bearer.GetAsync(Pools)).Expect(200);
        (await bearer.PostAsync(Pools, "{")).Expect(400);
        (await bearer.DeleteAsync(Guarded.Tokens + "/talkative")).Expect(200);
        (await wrong.GetAsync(Pools)).Expect(401).Text.ShouldNotContain(garbage);
        (await bearer.GetAsync(Pools)).Expect(401).Text.ShouldNotContain(token);
        (await guarded.Member.StopAsync()).ShouldBe(0);

        var log = guarded.Member.Errors;
        log.ShouldContain("token:talkative POST /apis/projectcalico.org/v3/ippools 400 from 127.0.0.1");
        log.ShouldContain("bootstrap POST /ipam/v1/tokens 201");
        log.ShouldContain("trce:");
        foreach (var secret in new[] { token, garbage, guarded.BootstrapToken, TokenText.DigestOf(token) })
        {
            log.ShouldNotContain(secret);
        }

        foreach (var file in Directory.EnumerateFiles(guarded.Workspace.At("data")))
        {
            (await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(token)).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task Another_member_sees_a_new_and_a_revoked_token_when_its_copy_is_two_seconds_old()
    {
        var (tokens, clock) = (new CountedTokens(), new HandClock());
        using var book = new TokenBook(tokens, clock);
        (await book.FindAsync("d", Cancellation)).ShouldBeNull();

        await tokens.AddAsync(new("a", "d", AccessRole.Viewer, null, default, "x", null), Cancellation);
        (await book.FindAsync("d", Cancellation)).ShouldBeNull("the copy is fresh");
        clock.Advance(TokenBook.Fresh);
        (await book.FindAsync("d", Cancellation))!.Name.ShouldBe("a");

        await tokens.RemoveAsync("a", Cancellation);
        clock.Advance(TokenBook.Fresh);
        (await book.FindAsync("d", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Garbage_costs_the_store_one_look_in_two_seconds_however_much_of_it_comes()
    {
        var (tokens, clock) = (new CountedTokens(), new HandClock());
        using var book = new TokenBook(tokens, clock);
        for (var i = 0; i < 1000; i++)
        {
            await book.FindAsync($"garbage {i}", Cancellation);
        }

        (tokens.Reads, tokens.Looks).ShouldBe((1, 0));
        clock.Advance(TokenBook.Fresh);
        await book.FindAsync("garbage", Cancellation);
        (tokens.Reads, tokens.Looks).ShouldBe((1, 1), "nothing changed, so nothing is read again");
    }

    [Fact]
    public async Task While_the_store_is_away_the_copy_serves_for_ten_seconds_and_then_nobody_is_let_in()
    {
        var (tokens, clock) = (new CountedTokens(), new HandClock());
        using var book = new TokenBook(tokens, clock);
        await tokens.AddAsync(new("a", "d", AccessRole.Viewer, null, default, "x", null), Cancellation);
        (await book.FindAsync("d", Cancellation)).ShouldNotBeNull();

        tokens.IsAway = true;
        clock.Advance(TokenBook.Usable - TimeSpan.FromMilliseconds(1));
        (await book.FindAsync("d", Cancellation)).ShouldNotBeNull();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await Should.ThrowAsync<JournalUnavailableException>(async () => await book.FindAsync("d", Cancellation));

        tokens.IsAway = false;
        (await book.FindAsync("d", Cancellation)).ShouldNotBeNull();
    }

    /// <summary>The rule that secret scanners are given in docs/security.md.</summary>
    [GeneratedRegex("^aipam_[A-Za-z0-9_-]{43}$")]
    private static partial Regex Shape();

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    private sealed class CountedTokens : ITokens
    {
        private readonly MemoryTokens _tokens = new();

        public bool IsAway { get; set; }

        public int Looks { get; private set; }

        public int Reads { get; private set; }

        public ValueTask<TokenStamp> StampAsync(CancellationToken cancellation)
        {
            Looks++;
            return Here().StampAsync(cancellation);
        }

        public ValueTask<(TokenStamp Stamp, System.Collections.Immutable.ImmutableArray<StoredToken> Tokens)> AllAsync(CancellationToken cancellation)
        {
            Reads++;
            return Here().AllAsync(cancellation);
        }

        public ValueTask<TokenAddition> AddAsync(StoredToken token, CancellationToken cancellation) => Here().AddAsync(token, cancellation);

        public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation) => Here().RemoveAsync(name, cancellation);

        private MemoryTokens Here() => IsAway ? throw new JournalUnavailableException("It is away.") : _tokens;
    }
}
