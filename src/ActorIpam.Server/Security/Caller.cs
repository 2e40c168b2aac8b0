using ActorIpam.Domain.Access;

namespace ActorIpam.Server.Security;

/// <summary>Who sends a request, as far as the member knows.</summary>
/// <param name="Name">How logs and messages name it: <c>token:ci</c>, <c>certificate:rack-1</c>, <c>uid:1000</c>, <c>bootstrap</c> or <c>anonymous</c>. Never a secret.</param>
/// <param name="Role">What it may do; null for somebody who is known and may do nothing.</param>
/// <param name="Host">The one host of an allocator; null for other roles.</param>
internal sealed record Caller(string Name, AccessRole? Role, string? Host = null)
{
    /// <summary>Whoever calls a member that asks for no credentials.</summary>
    public static readonly Caller Anonymous = new("anonymous", AccessRole.Operator);

    /// <summary>The host this caller is bound to; null for callers that are not.</summary>
    public string? OnlyHost => Role == AccessRole.Allocator ? Host : null;

    /// <summary>For messages: <c>token:rack-1 (allocator of host rack-1)</c>.</summary>
    public override string ToString() => Role switch
    {
        null => $"{Name} (no role)",
        AccessRole.Allocator => $"{Name} (allocator of host {Host})",
        { } role => $"{Name} ({role.Word()})",
    };
}

/// <summary>The caller of a request.</summary>
internal static class Calling
{
    private static readonly object Key = new();

    /// <exception cref="InvalidOperationException">The request did not come past the <see cref="Doorkeeper"/>.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.Items.TryGetValue(Key, out var caller) && caller is Caller known ? known : throw new InvalidOperationException("Nobody asked who the caller is.");

    public static void IsCalledBy(this HttpContext context, Caller caller) => context.Items[Key] = caller;
}
