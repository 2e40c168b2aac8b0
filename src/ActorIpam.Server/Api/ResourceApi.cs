using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>The resources of <c>projectcalico.org/v3</c>, by the conventions of the Kubernetes API (api.md §2).</summary>
internal sealed class ResourceApi(IpamDoor door)
{
    /// <summary>How often a patch is made again when somebody else was faster.</summary>
    private const int PatchAttempts = 5;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var names in ResourceKinds.All)
        {
            var (all, one, kind) = ($"/apis/{ResourceKinds.ApiVersion}/{names.Plural}", $"/apis/{ResourceKinds.ApiVersion}/{names.Plural}/{{name}}", names.Kind);
            routes.MapGet(all, context => ListAsync(context, kind));
            routes.MapPost(all, context => CreateAsync(context, kind));
            routes.MapGet(one, context => GetAsync(context, kind));
            routes.MapPut(one, context => ReplaceAsync(context, kind));
            routes.MapPatch(one, context => PatchAsync(context, kind));
            routes.MapDelete(one, context => DeleteAsync(context, kind));
        }
    }

    private async Task ListAsync(HttpContext context, ResourceKind kind)
    {
        if (ResourceParameters.OfListing(context.Request) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var list = await door.ListAsync(kind, context.RequestAborted);
        await context.Response.WriteJsonAsync(200, Json(json => WriteList(json, kind, list)));
    }

    private async Task GetAsync(HttpContext context, ResourceKind kind)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await AnswerAsync(context, 200, await door.GetAsync(kind, Name(context), context.RequestAborted), kind, Name(context));
    }

    private async Task CreateAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfWriting(context.Request).Is(out var dryRun, out var problem)
            || !(await ResourceBody.ReadAsync(context.Request, kind, name: null)).Is(out var resource, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await AnswerAsync(context, 201, await door.CreateAsync(resource, dryRun, context.RequestAborted), kind, resource.Metadata.Name);
    }

    private async Task ReplaceAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfWriting(context.Request).Is(out var dryRun, out var problem)
            || !(await ResourceBody.ReadAsync(context.Request, kind, Name(context))).Is(out var resource, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await AnswerAsync(context, 200, await door.UpdateAsync(resource, dryRun, context.RequestAborted), kind, Name(context));
    }

    private async Task PatchAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfWriting(context.Request).Is(out var dryRun, out var problem)
            || !(await ResourceBody.ReadPatchAsync(context.Request)).Is(out var patch, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        // A patch that names no version is meant for whatever is stored: losing a race is no reason to bother its author.
        var namesVersion = patch["metadata"] is System.Text.Json.Nodes.JsonObject metadata && metadata.ContainsKey("resourceVersion");
        for (var attempt = 1; ; attempt++)
        {
            var stored = await door.GetAsync(kind, Name(context), context.RequestAborted);
            if (stored.IsRefused)
            {
                await AnswerAsync(context, 200, stored, kind, Name(context));
                return;
            }

            if (!ResourceBody.Patched(stored.Value, patch).Is(out var patched, out problem))
            {
                await context.Response.WriteAsync(problem);
                return;
            }

            var answer = await door.UpdateAsync(patched, dryRun, context.RequestAborted);
            if (namesVersion || attempt == PatchAttempts || answer.Refusals is not [{ Code: RefusalCode.Conflict }, ..])
            {
                await AnswerAsync(context, 200, answer, kind, Name(context));
                return;
            }
        }
    }

    private async Task DeleteAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfDeleting(context.Request).Is(out var dryRun, out var problem)
            || !(await DeleteOptions.ReadAsync(context.Request)).Is(out var options, out problem)
            || !(await ExpectedVersionAsync(options, kind, Name(context), context.RequestAborted)).Is(out var version, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.DeleteAsync(kind, Name(context), version, dryRun || options.IsDryRun, context.RequestAborted);
        if (answer.IsRefused)
        {
            await AnswerAsync(context, 200, answer, kind, Name(context));
            return;
        }

        await context.Response.WriteAsync(new Status
        {
            Result = "Success",
            Code = 200,
            Details = new() { Name = Name(context), Group = ResourceKinds.ApiGroup, Kind = ResourceKinds.Of(kind).Plural, Uid = answer.Value.Metadata.Uid },
        });
    }

    /// <summary>The version a delete expects. A uid is turned into the version under which it was seen: the resource cannot be another one then.</summary>
    private async Task<Received<long?>> ExpectedVersionAsync(DeleteOptions options, ResourceKind kind, string name, CancellationToken cancellation)
    {
        long? version = null;
        if (options.Preconditions?.ResourceVersion is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "preconditions.resourceVersion must be a number in quotes.", "preconditions.resourceVersion"));
            }

            version = given;
        }

        if (options.Preconditions?.Uid is not { } uid)
        {
            return version;
        }

        var stored = await door.GetAsync(kind, name, cancellation);
        if (stored.IsRefused)
        {
            return RefusalStatus.Of(stored.Refusals, ResourceKinds.Of(kind).Name, name);
        }

        return stored.Value.Metadata.Uid == uid
            ? version ?? stored.Value.Metadata.ResourceVersion
            : RefusalStatus.Of(new Refusal(RefusalCode.Conflict, $"The stored uid is {stored.Value.Metadata.Uid}, not {uid}.", "preconditions.uid"), ResourceKinds.Of(kind).Name, name);
    }

    private static Task AnswerAsync(HttpContext context, int code, Answer<Resource> answer, ResourceKind kind, string name) => answer.IsRefused
        ? context.Response.WriteAsync(RefusalStatus.Of(answer.Refusals, ResourceKinds.Of(kind).Name, name))
        : context.Response.WriteJsonAsync(code, Json(json => ResourceJson.Write(json, answer.Value)));

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static void WriteList(Utf8JsonWriter json, ResourceKind kind, ResourceList list)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", ResourceKinds.ApiVersion);
        json.WriteString("kind", ResourceKinds.Of(kind).Name + "List");
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", list.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartArray("items");
        foreach (var resource in list.Items)
        {
            ResourceJson.Write(json, resource);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }
}
