using System.Globalization;
using ActorIpam.Client.Answers;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Printing;

/// <summary>One address in words.</summary>
internal static class AddressText
{
    public static void Write(TextWriter output, AddressView address)
    {
        output.WriteLine(address.State switch
        {
            "assigned" => $"IP {address.Address} is in use",
            "cooling" => $"{address.Address} is not assigned: it was released and cools down",
            "reserved" => $"{address.Address} is not assigned: it is reserved",
            "outside" => $"{address.Address} is not assigned: it lies in no pool",
            _ => $"{address.Address} is not assigned",
        });
        WriteFacts(output, address);
        if (address.State == "assigned")
        {
            WriteAttributes(output, address);
        }
    }

    /// <summary>What holds the address, as far as its attributes tell: the type and the pod, or the handle.</summary>
    public static string[] TypeAndHolder(AssignedAddress address)
    {
        var attributes = address.Attributes;
        if (attributes is not null && attributes.TryGetValue("type", out var type))
        {
            return [type, attributes.GetValueOrDefault("node") ?? address.Handle ?? ""];
        }

        return attributes is not null && attributes.TryGetValue("pod", out var pod)
            ? ["pod", attributes.TryGetValue("namespace", out var space) ? $"{space}/{pod}" : pod]
            : ["", address.Handle ?? ""];
    }

    private static void WriteFacts(TextWriter output, AddressView address)
    {
        (string Name, string? Value)[] facts =
        [
            ("Pool", address.Pool),
            ("Block", address.Block),
            ("Host", address.Host is { } host && address.Borrowed == true ? $"{host} (borrowed)" : address.Host),
            ("Handle", address.Handle),
            ("Reason", address.Reason?.Message),
            ("Since", address.Since?.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture)),
        ];
        foreach (var (name, value) in facts.Where(f => f.Value is not null))
        {
            output.WriteLine($"{name}: {value}");
        }
    }

    private static void WriteAttributes(TextWriter output, AddressView address)
    {
        if (address.Attributes is not { Count: > 0 } attributes)
        {
            output.WriteLine("No attributes defined");
            return;
        }

        output.WriteLine("Attributes:");
        foreach (var (key, value) in attributes)
        {
            output.WriteLine($"  {key}: {value}");
        }
    }
}
