using ActorIpam.Domain.Access;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What keeps tokens must promise (protocol.md §6, Security).</summary>
public abstract class TokenContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static StoredToken Token(string name) => new(name, $"digest of {name}", AccessRole.Viewer, null, At(1), "uid:0", null);

    [Fact]
    public async Task A_token_is_kept_as_it_was_given()
    {
        await using var under = await source.OpenAsync();
        var tokens = under.Tokens;
        var rack = new StoredToken("rack-1", "d1", AccessRole.Allocator, "rack-1", At(1.5), "token:admin", At(99));
        var admin = new StoredToken("admin", "d2", AccessRole.Operator, null, At(2), "anonymous", null);

        (await tokens.AddAsync(rack, Cancellation)).ShouldBe(TokenAddition.Added);
        (await tokens.AddAsync(admin, Cancellation)).ShouldBe(TokenAddition.Added);

        (await tokens.AllAsync(Cancellation)).Tokens.ShouldBe([admin, rack]);
    }

    [Fact]
    public async Task A_name_is_taken_until_its_token_is_removed()
    {
        await using var under = await source.OpenAsync();
        var tokens = under.Tokens;
        await tokens.AddAsync(Token("web"), Cancellation);

        (await tokens.AddAsync(Token("web") with { Digest = "another" }, Cancellation)).ShouldBe(TokenAddition.NameTaken);
        (await tokens.RemoveAsync("web", Cancellation)).ShouldBeTrue();
        (await tokens.RemoveAsync("web", Cancellation)).ShouldBeFalse();
        (await tokens.AllAsync(Cancellation)).Tokens.ShouldBeEmpty();
        (await tokens.AddAsync(Token("web"), Cancellation)).ShouldBe(TokenAddition.Added);
    }

    [Fact]
    public async Task The_stamp_changes_with_every_addition_and_removal_and_with_nothing_else()
    {
        await using var under = await source.OpenAsync();
        var tokens = under.Tokens;
        var seen = new HashSet<TokenStamp> { await tokens.StampAsync(Cancellation) };
        seen.ShouldBe([default(TokenStamp)]);

        await tokens.AddAsync(Token("a"), Cancellation);
        seen.Add(await tokens.StampAsync(Cancellation)).ShouldBeTrue();
        await tokens.AddAsync(Token("b"), Cancellation);
        seen.Add(await tokens.StampAsync(Cancellation)).ShouldBeTrue();

        // The newest goes and another comes: the count is as before, the number must not be.
        await tokens.RemoveAsync("b", Cancellation);
        await tokens.AddAsync(Token("c"), Cancellation);
        seen.Add(await tokens.StampAsync(Cancellation)).ShouldBeTrue();

        await tokens.AddAsync(Token("c"), Cancellation);
        await tokens.RemoveAsync("never", Cancellation);
        seen.Add(await tokens.StampAsync(Cancellation)).ShouldBeFalse();
        (await tokens.AllAsync(Cancellation)).Stamp.ShouldBe(await tokens.StampAsync(Cancellation));
    }

    [Fact]
    public async Task Of_many_who_want_a_name_at_once_one_gets_it()
    {
        await using var under = await source.OpenAsync();
        var tokens = under.Tokens;

        var additions = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(async () => await tokens.AddAsync(Token("web") with { Digest = $"d{n}" }, Cancellation))));

        additions.Count(addition => addition == TokenAddition.Added).ShouldBe(1);
        (await tokens.AllAsync(Cancellation)).Tokens.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Units_are_appended_while_tokens_change()
    {
        await using var under = await source.OpenAsync();
        var tokens = Task.Run(
            async () =>
            {
                for (var n = 0; n < 20; n++)
                {
                    (await under.Tokens.AddAsync(Token($"t{n}"), Cancellation)).ShouldBe(TokenAddition.Added);
                }
            },
            Cancellation);

        for (var n = 0; n < 50; n++)
        {
            await under.WinAsync(Showing(Held("10.0.0.1", n + 1)));
            await under.WinAsync(Showing(Freed("10.0.0.1", n + 1)));
        }

        await tokens;
        (await under.Tokens.StampAsync(Cancellation)).ShouldBe(new(20, 20));
    }
}
