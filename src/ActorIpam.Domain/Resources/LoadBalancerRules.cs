namespace ActorIpam.Domain.Resources;

/// <summary>What a pool for load balancers may not be (semantics.md §2.2, cross-field rule 2).</summary>
internal static class LoadBalancerRules
{
    public static void Check(IpPoolSpec spec, Findings found)
    {
        var uses = PoolRules.Uses(spec);
        if (!uses.Contains("LoadBalancer"))
        {
            return;
        }

        if (uses.Contains("Workload") || uses.Contains("Tunnel"))
        {
            found.Add(RefusalCode.LbCombined, "spec.allowedUses", "may not combine LoadBalancer with other uses");
        }

        if (IsOn(spec.IpipMode) || IsOn(spec.VxlanMode))
        {
            found.Add(RefusalCode.LbEncap, IsOn(spec.IpipMode) ? "spec.ipipMode" : "spec.vxlanMode", "must be Never for a pool of use LoadBalancer");
        }

        if (spec.DisableBgpExport is true)
        {
            found.Add(RefusalCode.LbBgpExport, "spec.disableBGPExport", "must be false for a pool of use LoadBalancer");
        }

        // Compared as text, not by meaning: other tools do so, and a pool must mean the same to all.
        if (!string.IsNullOrEmpty(spec.NodeSelector) && spec.NodeSelector != "all()")
        {
            found.Add(RefusalCode.LbNodeSelector, "spec.nodeSelector", "must be exactly 'all()' for a pool of use LoadBalancer");
        }
    }

    private static bool IsOn(string? mode) => mode is not (null or "" or "Never");
}
