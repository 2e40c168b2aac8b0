namespace ActorIpam.Domain.Catalog;

/// <summary>When packets to a pool's addresses travel in a tunnel. The names are those of <c>spec.ipipMode</c> and <c>spec.vxlanMode</c>, case-sensitive.</summary>
public enum EncapsulationMode
{
    Never,
    Always,

    /// <summary>Only between nodes that do not share a subnet.</summary>
    CrossSubnet,
}

public static class EncapsulationModes
{
    /// <summary>Reads the exact name of a mode; null and empty mean Never.</summary>
    public static bool TryParse(string? text, out EncapsulationMode mode)
    {
        (var known, mode) = text switch
        {
            null or "" or "Never" => (true, EncapsulationMode.Never),
            "Always" => (true, EncapsulationMode.Always),
            "CrossSubnet" => (true, EncapsulationMode.CrossSubnet),
            _ => (false, default),
        };
        return known;
    }
}
