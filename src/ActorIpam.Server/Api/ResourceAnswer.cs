using System.Text;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Server.Api.Tables;

namespace ActorIpam.Server.Api;

/// <summary>How one resource, or why there is none, is answered.</summary>
internal static class ResourceAnswer
{
    public static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    public static Task WriteAsync(HttpContext context, int code, Answer<Resource> answer, ResourceKind kind, string name)
    {
        if (answer.IsRefused)
        {
            return context.Response.WriteAsync(RefusalStatus.Of(answer.Refusals, ResourceKinds.Of(kind).Name, name));
        }

        return Presentation.Of(context.Request).Is(out var presentation, out var problem)
            ? WriteAsync(context, code, presentation.Show(answer.Value, answer.Value.Metadata.ResourceVersion?.ToString(System.Globalization.CultureInfo.InvariantCulture), ResourceColumns.Of(kind), Presentation.Whole))
            : context.Response.WriteAsync(problem);
    }

    public static Task WriteAsync(HttpContext context, int code, JsonObject shown) =>
        context.Response.WriteJsonAsync(code, Encoding.UTF8.GetBytes(shown.ToJsonString()));
}
